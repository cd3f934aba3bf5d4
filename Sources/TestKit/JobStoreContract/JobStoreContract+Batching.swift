import JobFlow

extension JobStoreContract {
    static let batching = [
        Case("the jobs of a batch are counted wherever they are, also when they have ended") { test in
            let batch = try await submit(7, .once, test)
            try await test.submit([1])
            let claims = try await test.claim(6)
            try await test.settle(claims[0], .answer("a"))
            try await test.settle(claims[1], .failed(.deadlineExceeded, answer: nil))
            try await test.settle(claims[2], .expired)
            try await test.settle(claims[3], .retry(after: .seconds(300)))
            _ = try await test.store.cancel(claims[4].spec.id)
            let standing = try promised(try await test.store.batch(batch), "a batch")
            try promise(
                standing.counts,
                is: [.queued: 1, .scheduled: 1, .inProgress: 1, .completed: 1, .failed: 1, .expired: 1, .cancelled: 1])
            try promise(standing.caller, is: "somebody")
            try promise(standing.total, is: 7)
            let ended = try await test.store.ended(in: batch, partition: 0, from: 0, limit: 10)
            try promise(Set(ended.map(\.line)), is: [1, 2, 3, 5])
        },
        Case("a line that is sent again is no second job of its batch") { test in
            let batch = try await submit(3, .keyed, test)
            for line in 1...3 { try promise(try await test.store.submit(spec(batch, line)), is: .accepted) }
            try promise(try await test.store.batch(batch)?.counts, is: [.queued: 3])
            try promise(try await test.visit(10).claims.map(\.spec.id.line), is: [1, 2, 3])
        },
        Case("a job that runs again is counted where it is") { test in
            let batch = try await submit(1, .once, test)
            try await test.settle(try await test.claimOne(), .failed(.deadlineExceeded, answer: nil))
            try promise(try await test.store.batch(batch)?.counts, is: [.failed: 1])
            try promise(try await test.store.retry(spec(batch, 1).id), is: .done)
            try promise(try await test.store.batch(batch)?.counts, is: [.queued: 1])
        },
        Case("the jobs of a batch are listed when they have ended") { test in
            let batch = try await submit(4, .keyed, test)
            let claims = try await test.claim(3)
            try await test.settle(claims[1], .answer("b"))
            try await test.advance(.milliseconds(5))
            try await test.settle(claims[0], .failed(.deadlineExceeded, answer: nil))
            try await test.advance(.milliseconds(5))
            _ = try await test.store.cancel(spec(batch, 4).id)
            let ended = try await test.store.ended(in: batch, partition: 0, from: 0, limit: 2)
            try promise(ended, is: [claims[1].spec.id, claims[0].spec.id])
            let rest = try await test.store.ended(in: batch, partition: 0, from: 2, limit: 10)
            try promise(rest, is: [spec(batch, 4).id])
        },
        Case("what came under the key of a batch is remembered") { test in
            let (batch, other) = (newBatch(.keyed), newBatch(.keyed))
            let sent = SentBatch(digest: String(repeating: "a", count: 64), answer: Array("{\"accepted\":2}".utf8))
            try promise(try await test.store.sent(batch), is: nil)
            try await test.store.remember(sent, as: batch)
            try promise(try await test.store.sent(batch), is: sent)
            try promise(try await test.store.sent(other), is: nil)
            try promise(try await test.store.batch(batch), is: nil)
        },
        Case("there is no batch of which no job came") { test in
            try promise(try await test.store.batch(newBatch(.once)), is: nil)
        },
    ]

    private static func submit(_ lines: Int, _ kind: BatchID.Kind, _ test: StoreUnderTest) async throws -> BatchID {
        let batch = newBatch(kind)
        let outcomes = try await test.store.submit((1...lines).map { spec(batch, $0) }, isPromised: false)
        try promise(outcomes, is: Array(repeating: .accepted, count: lines))
        return batch
    }

    private static func newBatch(_ kind: BatchID.Kind) -> BatchID {
        var random = SystemRandomNumberGenerator()
        return BatchID(kind, createdAt: Timestamp(milliseconds: 1_795_348_800_000), random: &random)
    }

    private static func spec(_ batch: BatchID, _ line: Int) -> JobSpec {
        var spec = Samples.spec(line)
        spec.id = JobID(batch: batch, line: line, partition: 0)
        spec.caller = "somebody"
        return spec
    }
}
