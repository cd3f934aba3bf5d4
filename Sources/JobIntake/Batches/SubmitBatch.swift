import Crypto
import HTTPTypes
import Hummingbird
import JobFlow
import Logging
import Metrics
import NIOCore

/// `POST /v1/jobs/batch`: one job a line, accepted while the lines still come.
struct SubmitBatch: Sendable {
    let acceptance: AcceptJob
    let configuration: IntakeConfiguration
    let buckets: CallerBuckets
    let now: WallClock
    let submitted: [String: Counter]
    let known: KnownBatch
    let logger: Logger

    func respond(to request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let key = try Self.key(request)
        let text = try BatchText(
            request.headers, digest: try key.map { _ throws(IntakeProblem) in try KnownBatch.digest(request) })
        let time = now()
        let lines = AcceptLines(
            acceptance: acceptance, configuration: configuration,
            terms: try LineTerms(request.query, queues: configuration.queues, now: time), caller: request.caller,
            correlationID: request.id, trace: request.trace?.context ?? TraceContext(request.headers), createdAt: time,
            submitted: submitted)
        let part = try Self.firstLine(request, key)
        let id = Self.batch(request, key, at: time)
        // Parts of one batch differ.
        let isWhole = key != nil && part == nil
        if isWhole, let sent = await known.find(id, request) {
            request.trace?.found(id)
            return try await repeated(request, text, sent)
        }
        let feed = LineFeed(lines, id, first: part ?? 1, sending: key == nil ? Sending(request) : nil)
        let (batch, tally) = try await read(request, text, feed).get()
        request.trace?.found(batch)
        logger.debug(
            "batch accepted",
            metadata: [
                "batch.id": "\(batch)", "jobs": "\(tally.accepted)", "correlation.id": "\(request.id)",
            ])
        let answer = BatchObject.accepted(batch, first: part ?? 1, tally)
        if isWhole, let digest = text.digest, !tally.isOpen { await known.note(batch, digest, answer, request) }
        return .json(answer)
    }

    /// The same request is answered as before; of another one under its key, no line is accepted.
    private func repeated(_ request: IntakeRequest, _ text: BatchText, _ sent: SentBatch)
        async throws(IntakeProblem) -> Response
    {
        var parts = request.body.makeAsyncIterator()
        while let part = try await Self.next(&parts) {
            text.load(Array(part.readableBytesView))
            while try text.next() != nil {}
        }
        try text.end()
        guard text.digest?.hexadecimal() == sent.digest else { throw .idempotencyConflict }
        return .json(sent.answer)
    }

    private func read(_ request: IntakeRequest, _ text: BatchText, _ feed: LineFeed) async -> Result<
        (BatchID, LineTally), IntakeProblem
    > {
        await withTaskGroup(of: Result<LineTally, IntakeProblem>.self) { tasks in
            var feed = feed
            do throws(IntakeProblem) {
                var parts = request.body.makeAsyncIterator()
                while let part = try await Self.next(&parts) {
                    try buckets.admitTokens(part.readableBytes / 4, request.caller, at: CallerBuckets.uptime)
                    text.load(Array(part.readableBytesView))
                    while let piece = try text.next() { await feed.take(piece, &tasks) }
                    if let problem = feed.problem { throw problem }
                }
                try text.end()
                await feed.end(&tasks)
                if let problem = feed.problem { throw problem }
                if feed.isEmpty {
                    throw .body("The request body is empty; a job a line is expected.", code: "empty_body")
                }
                return .success((feed.batch, feed.tally))
            } catch { return .failure(error) }
        }
    }

    @concurrent
    private static func next(_ parts: inout RequestBody.AsyncIterator) async throws(IntakeProblem) -> ByteBuffer? {
        do { return try await parts.next() } catch {
            throw IntakeProblem(
                .badRequest, code: "incomplete_request",
                "The connection ended before the body did. Under an Idempotency-Key it can be sent again.",
                retry: .unknown)
        }
    }

    private static func key(_ request: IntakeRequest) throws(IntakeProblem) -> String? {
        try IdempotencyKey.read(request.headers[values: .idempotencyKey])
    }

    /// A long file may come in parts, each in a request of its own. Their key says that they belong together.
    private static func firstLine(_ request: IntakeRequest, _ key: String?) throws(IntakeProblem) -> Int? {
        guard let text = try request.query("first_line") else { return nil }
        guard let number = PlainNumber.read(text).flatMap(Int.init(exactly:)), 1...1_000_000_000_000 ~= number else {
            throw .field("first_line", "first_line has to be a whole number from 1 to 1000000000000.")
        }
        guard key != nil else {
            throw .field(
                "first_line", "first_line needs an Idempotency-Key, which names the batch that lines belong to.")
        }
        return number
    }

    /// The same key names the same batch: lines that were accepted before are found again by their number.
    private static func batch(_ request: IntakeRequest, _ key: String?, at time: Timestamp) -> BatchID {
        guard let key else {
            var random = BulkRandom()
            return BatchID(.once, createdAt: time, random: &random)
        }
        var digest = SHA256()
        digest.update(part: "caller", request.caller.name.utf8)
        digest.update(part: "batch", key.utf8)
        return BatchID(keyed: digest.finalize())
    }
}
