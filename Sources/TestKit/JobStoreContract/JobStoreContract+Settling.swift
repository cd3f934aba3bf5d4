import JobFlow

extension JobStoreContract {
    static let settling = [
        Case("a completed job shows its result, usage and ledger") { test in
            let claim = try await test.held()
            let result = JobResult(
                statusCode: 201, body: Array(#"{"a":"é \"q\" \\ 🦊","n":1.50}"#.utf8), servedBy: .cache, endpoint: "west"
            )
            let usage = TokenUsage(promptTokens: 10, completionTokens: 5, cachedTokens: 4, totalTokens: 16)
            try promise(try await test.settle(claim, .completed(result, usage), rows: 2), is: .settled)
            let record = try await test.record(claim.spec.id)
            try promise(record.state, is: .completed)
            try promise(record.result, is: result)
            try promise(record.usage, is: usage)
            try promise(record.error, is: nil)
            try promise(record.attempts, is: 2)
            try promise(try record.rows().map(\.number), is: [1, 2])
            try promise(record.finishedAt != nil, "an ended job has an end")
            try promise(record.nextAttemptAt, is: nil)
        },
        Case("a row of the ledger reads back as it was written") { test in
            let claim = try await test.held()
            let row = Attempt(
                number: 1, endpoint: "e\"1\"", region: "eastus", tier: "ptu", worker: "host/1\\2",
                startedAt: Timestamp(milliseconds: 1_700_000_000_123),
                endedAt: Timestamp(milliseconds: 1_700_000_001_000),
                outcome: .completed, statusCode: 200, reason: nil, delayMilliseconds: 1500, billed: .yes,
                usage: TokenUsage(promptTokens: 1, completionTokens: 2, cachedTokens: 1), upstreamRequestID: "r\n1")
            let settlement = Settlement(claim: claim, verdict: .answer("a"), attempts: [row], spent: 1, rounds: 0)
            try promise(try await test.store.settle(settlement), is: .settled)
            try promise(try await test.record(claim.spec.id).rows(), is: [row])
        },
        Case("a failed job keeps its error and the answer of the upstream") { test in
            let claim = try await test.held()
            let error = JobError(code: "content_filter", message: "refused \"here\"", type: "invalid_request_error")
            let answer = JobResult(statusCode: 400, body: Array(#"{"error":{}}"#.utf8), endpoint: "one")
            try promise(try await test.settle(claim, .failed(error, answer: answer)), is: .settled)
            let record = try await test.record(claim.spec.id)
            try promise(record.state, is: .failed)
            try promise(record.error, is: error)
            try promise(record.result, is: answer)
            try promise(try await test.counts(), is: [.failed: 1])
        },
        Case("an expired verdict ends the job with the deadline's error") { test in
            let claim = try await test.held()
            try promise(try await test.settle(claim, .expired, rows: 0), is: .settled)
            let record = try await test.record(claim.spec.id)
            try promise(record.state, is: .expired)
            try promise(record.error?.code, is: JobError.deadlineExceeded.code)
            try promise(record.result, is: nil)
        },
        Case("settling twice settles once") { test in
            let claim = try await test.held()
            for outcome in [SettleOutcome.settled, .known, .known] {
                try promise(try await test.settle(claim, .answer("a")), is: outcome)
            }
            let record = try await test.record(claim.spec.id)
            try promise(record.attempts, is: 1)
            try promise(try record.rows().count, is: 1)
            try promise(try await test.counts(), is: [:])
        },
        Case("an ended job cannot be ended otherwise") { test in
            let claim = try await test.held()
            try await test.settle(claim, .answer("first"))
            try await test.settle(claim, .failed(.deadlineExceeded, answer: nil))
            try promise(try await test.record(claim.spec.id).state, is: .completed)
            var later = claim
            later.epoch += 1
            try promise(try await test.settle(later, .answer("second")), is: .lost)
            try promise(try await test.record(claim.spec.id).result?.body, is: Array(#"{"answer":"first"}"#.utf8))
        },
        Case("nobody settles what nobody claimed") { test in
            let spec = try await test.submit(1...1)[0]
            let server = try await test.store.server(0).identity
            for spec in [spec, Samples.spec(2)] {
                try promise(try await test.settle(Claim(spec: spec, epoch: 1, server: server), .answer("a")), is: .lost)
            }
            try promise(try await test.state(spec.id), is: .queued)
            try promise(try await test.store.record(Samples.id(2)), is: nil)
        },
        Case("many settlements at once each reach their own job") { test in
            try await test.submit(1...200)
            let claims = try await test.claim(200)
            try await withThrowingTaskGroup { group in
                for claim in claims { group.addTask { try await test.settle(claim, .answer("\(claim.spec.id)")) } }
                for try await outcome in group { try promise(outcome, is: .settled) }
            }
            for claim in claims {
                let expected = Array("{\"answer\":\"\(claim.spec.id)\"}".utf8)
                try promise(try await test.record(claim.spec.id).result?.body, is: expected)
            }
        },
    ]
}
