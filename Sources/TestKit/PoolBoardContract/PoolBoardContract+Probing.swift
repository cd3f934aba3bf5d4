import JobFlow

extension PoolBoardContract {
    static let probing = [
        Case("an endpoint that is well, or closed, is not probed") { test in
            try promise(try await test.mayProbe("a"), is: false)
            try await test.fall()
            try promise(try await test.mayProbe("a"), is: false)
        },
        Case("one process probes, and keeps the right as long as it asks") { test in
            try await test.waitForProbe()
            try promise(try await test.report("b").mayProbe, is: false)
            try promise(try await test.mayProbe("a"), is: true)
            try promise(try await test.mayProbe("b"), is: false)
            try promise(try await test.mayProbe("a"), is: true)
            try promise(try await test.report("a").mayProbe, is: true)
            try promise(try await test.look().mayProbe, is: false)
        },
        Case("of many that ask at once exactly one probes") { test in
            try await test.waitForProbe()
            let winners = try await all(20) { try await test.mayProbe("p\($0)") }
            try promise(winners.count { $0 }, is: 1)
        },
        Case("an endpoint that is not reached may be looked at while it is closed") { test in
            try await test.fall(isUnreachable: true)
            try promise(try await test.mayProbe("b"), is: true)
            try promise(try await test.mayProbe("a"), is: false)
        },
        Case("a right to probe is over with its time") { test in
            try await test.waitForProbe()
            try promise(try await test.mayProbe("a", for: BoardUnderTest.short), is: true)
            try await test.advance(BoardUnderTest.short * 2)
            try promise(try await test.mayProbe("b"), is: true)
            try promise(try await test.mayProbe("a"), is: false)
        },
        Case("who asks again has it for longer") { test in
            try await test.waitForProbe()
            try promise(try await test.mayProbe("a", for: BoardUnderTest.short), is: true)
            try promise(try await test.mayProbe("a"), is: true)
            try await test.advance(BoardUnderTest.short * 2)
            try promise(try await test.mayProbe("b"), is: false)
        },
        Case("the holder that found it ill, unreachable, refusing or open gives the right back") { test in
            let found: [@Sendable (inout EndpointReport) -> Void] = [
                { $0.health = .ill(HealthGate(closedFor: .zero, round: 1)) },
                { $0.credentials = .out(CredentialGate(closedFor: .zero, reason: "unauthorized")) },
                { $0.credentials = .well },
            ]
            try await test.waitForProbe()
            for (number, say) in found.enumerated() {
                try promise(try await test.mayProbe("p\(number)"), is: true)
                try await test.report("stranger", say)
                try promise(try await test.mayProbe("p\(number)"), is: true)
                try await test.report("p\(number)", say)
            }
            try promise(try await test.mayProbe("a"), is: true)
        },
        Case("who gives it back may take it again in the same report") { test in
            try await test.fall(isUnreachable: true)
            try promise(try await test.mayProbe("a"), is: true)
            let again = try await test.report("a") {
                $0.health = .ill(HealthGate(closedFor: .seconds(60), round: 2, isUnreachable: true))
                $0.wantsProbe = BoardUnderTest.long
            }
            try promise(again.mayProbe, is: true)
            try promise(try await test.mayProbe("b"), is: false)
        },
        Case("once it is found well nobody has it") { test in
            try await test.waitForProbe()
            try promise(try await test.mayProbe("a"), is: true)
            try promise(try await test.report("a") { $0.health = .well }.mayProbe, is: false)
            try await test.waitForProbe()
            try promise(try await test.mayProbe("b"), is: true)
        },
    ]

    /// What many tasks found, at once.
    static func all<Value: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Value)
        async throws -> [Value]
    {
        try await withThrowingTaskGroup(of: Value.self) { group in
            for number in 0..<count { group.addTask { try await body(number) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
