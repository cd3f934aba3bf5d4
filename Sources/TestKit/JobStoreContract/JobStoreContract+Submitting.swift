import JobFlow

extension JobStoreContract {
    static let submitting = [
        Case("a claimed job is the job that was submitted, byte for byte") { test in
            let spec = oddSpec(1, now: test.now())
            try promise(try await test.store.submit(spec), is: .accepted)
            try promise(try await test.claimOne().spec, is: spec)
            var read = spec
            read.body = []
            try promise(try await test.record(spec.id).spec, is: read)
        },
        Case("the body of a job is read by itself, whatever state it is in and under whatever name") { test in
            let spec = oddSpec(1, now: test.now())
            try promise(try await test.store.body(spec.id), is: nil)
            _ = try await test.store.submit(spec)
            try promise(try await test.store.body(spec.id), is: spec.body)
            let claim = try await test.claimOne()
            try promise(try await test.store.body(spec.id), is: spec.body)
            try await test.settle(claim, .answer("a"))
            try promise(try await test.store.body(spec.id), is: spec.body)
        },
        Case("a prompt and an answer of a megabyte go through") { test in
            var spec = Samples.spec(1)
            spec.body =
                Array(#"{"p":""#.utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20) + Array(#""}"#.utf8)
            try promise(try await test.store.submit(spec), is: .accepted)
            let claim = try await test.claimOne()
            try promise(claim.spec.body == spec.body, "the prompt was changed")
            let result = JobResult(statusCode: 200, body: spec.body.reversed(), endpoint: "one")
            try promise(try await test.settle(claim, .completed(result, nil)), is: .settled)
            try promise(try await test.record(spec.id).result == result, "the answer was changed")
        },
        Case("a submission that is sent again is one job") { test in
            let spec = Samples.spec(1)
            for _ in 1...3 { try promise(try await test.store.submit(spec), is: .accepted) }
            try promise(try await test.visit(5).claims.count, is: 1)
            try promise(try await test.store.submit(spec), is: .accepted)
            try promise(try await test.visit(5).claims.count, is: 0)
            try promise(try await test.counts(), is: [.inProgress: 1])
        },
        Case("an idempotency key makes one job") { test in
            let first = keyed(1, "key-a", "content-a")
            try promise(try await test.store.submit(first), is: .accepted)
            try promise(try await test.store.submit(keyed(2, "key-a", "content-a")), is: .duplicate(of: first.id))
            try promise(try await test.store.submit(keyed(3, "key-a", "content-b")), is: .conflict(with: first.id))
            try promise(try await test.store.submit(keyed(4, "key-b", "content-a")), is: .accepted)
            try promise(try await test.store.submit(first), is: .accepted)
            try promise(try await test.store.record(Samples.id(2)), is: nil)
            try promise(try await test.counts(), is: [.queued: 2])
        },
        Case("a job that has ended still answers for its idempotency key") { test in
            try promise(try await test.store.submit(keyed(1, "key-a", "content-a")), is: .accepted)
            try await test.settle(try await test.claimOne(), .answer("once"))
            try promise(
                try await test.store.submit(keyed(2, "key-a", "content-a")), is: .duplicate(of: Samples.id(1)))
        },
        Case("what an SDK sends again is one job, what it sends anew is another") { test in
            func sent(_ number: Int, _ source: Idempotency.Source) -> JobSpec {
                var spec = keyed(number, "digest", "content")
                spec.idempotency?.source = source
                return spec
            }
            try promise(try await test.store.submit(sent(1, .resend)), is: .accepted)
            try promise(try await test.store.submit(sent(2, .resend)), is: .duplicate(of: Samples.id(1)))
            try promise(try await test.store.submit(sent(3, .firstSend)), is: .accepted)
            try promise(try await test.store.submit(sent(4, .firstSend)), is: .accepted)
            try promise(try await test.store.submit(sent(5, .resend)), is: .duplicate(of: Samples.id(4)))
            try promise(try await test.counts(), is: [.queued: 3])
        },
        Case("many submissions at once are all accepted") { test in
            try await withThrowingTaskGroup { group in
                for number in 1...300 { group.addTask { try await test.submit([number]) } }
                try await group.waitForAll()
            }
            try promise(Set(try await test.claim(300).map(\.spec.id)), is: Set((1...300).map { Samples.id($0) }))
        },
        Case("a job that was never submitted has no record") { test in
            try promise(try await test.store.record(Samples.id(1)), is: nil)
            try promise(try await test.store.record(Samples.id(1), endedWithin: .seconds(60)), is: nil)
        },
    ]

    static func keyed(_ number: Int, _ key: String, _ content: String) -> JobSpec {
        var spec = Samples.spec(number)
        spec.idempotency = Idempotency(key: key, content: content)
        return spec
    }

    /// Every field set, with whatever might be mistaken for syntax on the way.
    private static func oddSpec(_ number: Int, now: Timestamp) -> JobSpec {
        var spec = Samples.spec(number, path: .responses, model: "gpt \"4o\" \\ é 🦊", maxAttempts: 7)
        spec.body = Array("{\"q\":\"a\\\"b\\u0000 ' ${x} %s \r\n\t é 🦊 \u{0}\u{7f}\"}".utf8) + [0xff, 0x00, 0x0d, 0x0a]
        spec.createdAt = Timestamp(milliseconds: now.milliseconds - 12_345)
        spec.deadline = now + .seconds(3600)
        spec.customID = "mine: \"\\/\n\t\u{1} é 🦊"
        spec.metadata = Array(#"{"a":"b \"c\" \\","é":"🦊","n":"\u00e9"}"#.utf8)
        spec.correlationID = "req \"1\"\\"
        spec.reuse = AnswerReuse(key: "A-z_9", ttl: .seconds(60), staleFor: .milliseconds(1500))
        spec.echo = Array(#"{"store":false,"instructions":"a \"b\""}"#.utf8)
        return spec
    }
}
