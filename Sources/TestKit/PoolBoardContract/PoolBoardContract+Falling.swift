import JobFlow

extension PoolBoardContract {
    static let falling = [
        Case("an ill endpoint is closed to everybody") { test in
            try await test.fall(for: .seconds(60), round: 3, isUnreachable: true)
            let health = try promised(try await test.look().health, "an illness")
            try promise(health.closedFor, runs: .seconds(60))
            try promise(health.round, is: 3)
            try promise(health.isUnreachable, is: true)
            try promise(try await test.report("b").health?.round, is: 3)
        },
        Case("of one round the longest time counts") { test in
            try await test.fall("a", for: .seconds(100))
            try promise(try await test.fall("b", for: .seconds(10)).health?.closedFor, runs: .seconds(100))
            try promise(try await test.fall("b", for: .seconds(300)).health?.closedFor, runs: .seconds(300))
        },
        Case("a higher round replaces a lower one, and a lower one is ignored") { test in
            try await test.fall("a", for: .seconds(100), round: 2)
            try promise(try await test.fall("b", for: .seconds(300), round: 1).health?.closedFor, runs: .seconds(100))
            let health = try promised(try await test.fall("b", for: .seconds(10), round: 3).health, "an illness")
            try promise(health.closedFor, runs: .seconds(10))
            try promise(health.round, is: 3)
        },
        Case("an endpoint whose time is over is ill until a probe finds it well") { test in
            try await test.waitForProbe()
            try promise(try await test.look().health, is: HealthGate(closedFor: .zero))
            try promise(try await test.report("b") { $0.health = .well }.health, is: nil)
            try promise(try await test.look().health, is: nil)
        },
        Case("who knows a lower round closes it again, and the round stays") { test in
            try await test.fall(for: BoardUnderTest.short, round: 5)
            try await test.advance(BoardUnderTest.short * 2)
            let health = try promised(try await test.fall("b", for: .seconds(60), round: 1).health, "an illness")
            try promise(health.round, is: 5)
            try promise(health.closedFor, runs: .seconds(60))
        },
    ]
}
