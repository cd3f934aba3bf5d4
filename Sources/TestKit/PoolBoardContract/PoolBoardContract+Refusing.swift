import JobFlow

extension PoolBoardContract {
    static let refusing = [
        Case("an endpoint that refuses the key is closed, with the reason, until it lets somebody in") { test in
            try await test.refuse(for: .seconds(60), reason: "deployment_not_found")
            let out = try promised(try await test.look().out, "a refusal")
            try promise(out.closedFor, runs: .seconds(60))
            try promise(out.reason, is: "deployment_not_found")
            try promise(try await test.report("b") { $0.credentials = .well }.out, is: nil)
            try promise(try await test.look().out, is: nil)
        },
        Case("a shorter refusal never replaces a longer one") { test in
            try await test.refuse(for: .seconds(100), reason: "first")
            try await test.refuse(for: .seconds(10), reason: "second")
            try promise(try await test.look().out?.closedFor, runs: .seconds(100))
            try promise(try await test.look().out?.reason, is: "first")
            try await test.refuse(for: .seconds(300), reason: "third")
            try promise(try await test.look().out?.reason, is: "third")
        },
        Case("a refusal is probed when its time is over, not before") { test in
            try await test.refuse()
            try promise(try await test.mayProbe("a"), is: false)
            try await test.report { $0.credentials = .well }
            try await test.refuse(for: BoardUnderTest.short)
            try await test.advance(BoardUnderTest.short * 2)
            try promise(try await test.mayProbe("a"), is: true)
            try promise(try await test.mayProbe("b"), is: false)
        },
        Case("a renewed secret opens the gate, and is counted") { test in
            try await test.refuse()
            try promise(try await test.report { $0.credentials = .renewed }.renewals, is: 1)
            try promise(try await test.look().out, is: nil)
            try await test.report("b") { $0.credentials = .renewed }
            try promise(try await test.look().renewals, is: 2)
        },
        Case("of many that want the secret read again exactly one reads it, and is told so again") { test in
            let winners = try await all(20) { number in
                (number, try await test.report("p\(number)") { $0.wantsReload = true }.mayReload)
            }
            try promise(winners.count { $0.1 }, is: 1)
            let winner = try promised(winners.first { $0.1 }, "a winner").0
            try promise(try await test.report("p\(winner)") { $0.wantsReload = true }.mayReload, is: true)
            try promise(try await test.report("another") { $0.wantsReload = true }.mayReload, is: false)
            try promise(try await test.look().mayReload, is: false)
            try await test.advance(.milliseconds(10_100))
            try promise(try await test.report("another") { $0.wantsReload = true }.mayReload, is: true)
        },
    ]
}
