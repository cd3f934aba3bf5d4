import JobFlow

extension PoolBoardContract {
    static let announcing = [
        Case("whatever closes or opens a gate is heard by another process") { test in
            try await test.whileListening { heard in
                try await test.report { $0.throttle = .seconds(60) }
                try await test.fall(round: 2, isUnreachable: true)
                try await test.refuse(reason: "unauthorized")
                try await test.report { $0.health = .well }
                try await test.report { $0.credentials = .renewed }
                try await eventually { heard.all.count == 5 }
                let all = heard.all
                try promise(all.map(\.endpoint), is: Array(repeating: "east", count: 5))
                for change in all { try promise(change.throttledFor, runs: .seconds(60)) }
                try promise(all.map { $0.health?.round }, is: [nil, 2, 2, nil, nil])
                try promise(all.map { $0.out?.reason }, is: [nil, nil, "unauthorized", "unauthorized", nil])
                try promise(all.map(\.renewals), is: [0, 0, 0, 0, 1])
            }
        },
        Case("one report with several changes is one announcement, without what concerns one process only") { test in
            try await test.whileListening { heard in
                try await test.report {
                    $0.throttle = .seconds(60)
                    $0.health = .ill(HealthGate(closedFor: .seconds(60), isUnreachable: true))
                    $0.wantsProbe = .seconds(60)
                    $0.tokens = TokenReport(rate: 1, burst: 1, taken: 1, isUsing: true)
                    $0.inflight = 4
                }
                try await test.report(on: "the last one") { $0.throttle = .seconds(60) }
                try await eventually { heard.all.last?.endpoint == "the last one" }
                try promise(heard.all.count, is: 2)
                try promise(heard.all[0].health?.isUnreachable, is: true)
                try promise(heard.all[0].mayProbe, is: false)
                try promise(heard.all[0].room, is: nil)
            }
        },
        Case("what changes no gate is not announced") { test in
            try await test.report { $0.throttle = .seconds(60) }
            try await test.fall(for: .seconds(60), round: 2)
            try await test.refuse(for: .seconds(60))
            try await test.whileListening { heard in
                try await test.report {
                    $0.throttle = .seconds(1)
                    $0.credentials = .out(CredentialGate(closedFor: .seconds(1), reason: "unauthorized"))
                    $0.health = .ill(HealthGate(closedFor: .seconds(1), round: 2))
                }
                try await test.fall(for: .seconds(100), round: 1)
                try await test.take(10)
                try await test.report(on: "west") {
                    $0.health = .well
                    $0.credentials = .well
                }
                try await test.report(on: "north") { $0.throttle = .seconds(60) }
                try await eventually { !heard.all.isEmpty }
                try promise(heard.all.map(\.endpoint), is: ["north"])
            }
        },
    ]
}
