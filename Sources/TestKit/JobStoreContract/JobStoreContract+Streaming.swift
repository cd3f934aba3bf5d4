import JobFlow

extension JobStoreContract {
    static let streaming = [
        Case("what is logged of a job is read in order, from any place on") { test in
            let claim = try await test.held()
            try await test.log(claim, "a", at: 0)
            try await test.log(claim, "bc", at: 1)
            try await test.log(claim, "", at: 3, isEnd: true)
            let all = [
                event(0, .piece(Array("a".utf8))), event(1, .piece(Array("bc".utf8))), event(2, .end),
            ]
            try promise(try await test.logged(claim.spec.id), is: all)
            try promise(try await test.logged(claim.spec.id, from: 1), is: Array(all.dropFirst()))
            try await test.settle(claim, .answer("abc"))
            try promise(try await test.logged(claim.spec.id), is: all)
        },
        Case("what is logged twice is there once") { test in
            let claim = try await test.held()
            try await test.log(claim, "ab", at: 0)
            try await test.log(claim, "ab", at: 0)
            // A part of it was written, and the answer was lost.
            try await test.log(claim, "abc", at: 0, isEnd: true)
            try await test.log(claim, "abc", at: 0, isEnd: true)
            try promise(
                try await test.logged(claim.spec.id),
                is: [event(0, .piece(Array("ab".utf8))), event(1, .piece(Array("c".utf8))), event(2, .end)])
        },
        Case("a log that lacks something takes nothing behind it") { test in
            let claim = try await test.held()
            try promise(try await test.append(claim, "b", at: 1), is: .refused)
            try promise(try await test.logged(claim.spec.id), is: [])
        },
        Case("another attempt begins with a mark") { test in
            let claim = try await test.held()
            try await test.log(claim, "half", at: 0)
            try await test.log(claim, "whole", at: 0, attempt: 2, isEnd: true)
            try promise(
                try await test.logged(claim.spec.id),
                is: [
                    event(0, .piece(Array("half".utf8))), event(1, .restart, attempt: 2),
                    event(2, .piece(Array("whole".utf8)), attempt: 2), event(3, .end, attempt: 2),
                ])
        },
        Case("only who holds the job adds to its log") { test in
            let first = try await test.held(lease: StoreUnderTest.shortLease)
            try await test.log(first, "old", at: 0)
            try await test.advance(StoreUnderTest.shortLease * 2)
            let second = try await test.nextClaim()
            try promise(try await test.append(first, " more", at: 3), is: .refused)
            try await test.log(second, "new", at: 0, attempt: 2)
            try promise(try await test.append(first, " more", at: 3), is: .refused)
            try await test.settle(second, .answer("new"))
            try promise(try await test.append(second, "late", at: 3, attempt: 2), is: .refused)
            try promise(try await test.logged(first.spec.id).map(\.sequence), is: [0, 1, 2])
        },
        Case("many read along, and each is told of everything and of the end") { test in
            let claim = try await test.held()
            try await withThrowingTaskGroup(of: [JobEvent].self) { group in
                for _ in 1...20 { group.addTask { try await test.follow(claim.spec.id) } }
                for offset in 0..<30 {
                    try await test.log(claim, "x", at: offset)
                    try await Task.sleep(for: .milliseconds(1))
                }
                try await test.log(claim, "", at: 30, isEnd: true)
                try await test.settle(claim, .answer("x"))
                for try await events in group {
                    try promise(events.map(\.sequence), is: Array(0...30))
                    try promise(events.last?.kind, is: .end)
                }
            }
        },
        Case("who reads along learns that the job moves on") { test in
            let spec = try await test.submit([1])[0]
            let queued = try promised(
                try await test.store.events(spec.id, from: 0, known: nil, within: .seconds(60)), "a page")
            try promise(queued.standing.state, is: .queued)
            async let moved = test.store.events(spec.id, from: 0, known: queued.standing, within: .seconds(60))
            let claim = try await test.nextClaim()
            try promise(try await moved?.standing.state, is: .inProgress)
            try await test.settle(claim, .answer("a"))
        },
        Case("a job that nobody knows has no log") { test in
            let page = try await test.store.events(Samples.id(77), from: 0, known: nil, within: .seconds(60))
            try promise(page == nil, "there is no such job")
        },
    ]

    private static func event(_ sequence: Int, _ kind: JobEvent.Kind, attempt: Int = 1) -> JobEvent {
        JobEvent(sequence: sequence, attempt: attempt, kind: kind)
    }
}

extension StoreUnderTest {
    fileprivate func append(_ claim: Claim, _ text: String, at offset: Int, attempt: Int = 1, isEnd: Bool = false)
        async throws -> AppendOutcome
    {
        try await store.append(
            JobEventAddition(attempt: attempt, offset: offset, bytes: Array(text.utf8), isEnd: isEnd), of: claim)
    }

    fileprivate func log(_ claim: Claim, _ text: String, at offset: Int, attempt: Int = 1, isEnd: Bool = false)
        async throws
    {
        try promise(try await append(claim, text, at: offset, attempt: attempt, isEnd: isEnd), is: .appended)
    }

    fileprivate func logged(_ id: JobID, from sequence: Int = 0) async throws -> [JobEvent] {
        try promised(try await store.events(id, from: sequence, known: nil, within: .zero), "a log").events
    }

    /// Everything until the job has ended.
    fileprivate func follow(_ id: JobID) async throws -> [JobEvent] {
        var events: [JobEvent] = []
        var known: JobStanding?
        while true {
            let page = try promised(
                try await store.events(id, from: events.count, known: known, within: .seconds(60)), "a page")
            events += page.events
            known = page.standing
            if page.events.isEmpty, page.standing.state.isTerminal { return events }
        }
    }
}
