import JobFlow

extension PoolBoardContract {
    static let draining = [
        Case("a drained endpoint is drained for everybody, and no other is") { test in
            try await test.board.drain("east", true)
            try promise(try await test.report("a").drainedAt != nil, is: true)
            try promise(try await test.look().drainedAt != nil, is: true)
            try promise(try await test.report(on: "west").drainedAt, is: nil)
            try promise(try await test.report("b").throttledFor, is: .zero)
        },
        Case("it stays so, since when it was said first, until it is put back") { test in
            try await test.board.drain("east", true)
            let since = try promised(try await test.look().drainedAt, "a time")
            try await test.advance(BoardUnderTest.short)
            try await test.other.drain("east", true)
            try await test.report { $0.health = .well }
            try promise(try await test.look().drainedAt, is: since)
            try await test.other.drain("east", false)
            try promise(try await test.report("a").drainedAt, is: nil)
            try await test.board.drain("east", false)
            try promise(try await test.look(), is: EndpointStanding(endpoint: "east"))
        },
        Case("gates move under it as they would without it") { test in
            try await test.board.drain("east", true)
            try await test.fall(round: 2)
            try promise(try await test.look().health?.round, is: 2)
            try await test.board.drain("east", false)
            try promise(try await test.look().health?.round, is: 2)
        },
        Case("an endpoint of any name can be drained before anybody has spoken of it") { test in
            for name in ["a b\nc", "", "ünï"] {
                try await test.board.drain(name, true)
                let found = try promised(try await test.other.standings(of: [name, "x"]), "two")
                try promise(found.map { $0.drainedAt != nil }, is: [true, false])
            }
        },
        Case("whoever listens is told to ask when an endpoint is drained or put back, and only then") { test in
            try await test.whileListening { heard in
                let before = heard.gaps
                try await test.board.drain("east", true)
                try await eventually { heard.gaps == before + 1 }
                try await test.board.drain("east", true)
                try await test.board.drain("east", false)
                try await eventually { heard.gaps == before + 2 }
                try promise(heard.all.count, is: 0)
            }
        },
    ]
}
