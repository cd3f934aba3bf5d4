import JobFlow
import Redis
import RedisFaults

/// `read.lua`: reads jobs back. The body stays where it is: nobody who polls needs it.
enum ReadRecord {
    /// `state` has to be the first: the scripts rely on it.
    static let fields = [
        "state", "meta", "rows", "started", "finished", "next", "status", "answer", "served", "endpoint", "usage",
        "error", "ledger", "age",
        "webhook", "deliveries",
    ]

    /// About the bytes of an id on its way.
    static let size = 64
    /// Bytes in one reply: bounds memory here and there, and how long Redis is held.
    static let bytesBound = 4 << 20
    /// Records in one script call.
    static let limits = BatchLimits(batch: 32)

    /// What was read of a job; the id is that of another one if it stands for that.
    struct Found: Sendable {
        var id: JobID
        /// As `fields`.
        var values: RedisReply
    }

    /// - Parameter watches: the ends of those that have not ended are to be announced.
    static func arguments(_ ids: [JobID], watches: Bool) -> [RedisArgument] {
        [.integer(bytesBound), watches ? "1" : "", .integer(fields.count)] + names
            + ids.map { .string($0.description) }
    }

    static let names = fields.map(RedisArgument.string)

    /// One job of a script's reply. Nil if it was too much for one reply, and has to be asked for again.
    static func found(_ reply: RedisReply) throws(StoreError) -> Found? {
        guard let parts = reply.array else { throw .unexpected("read") }
        if parts.isEmpty { return nil }
        guard parts.count == 2, let id = parts[0].bytes.flatMap(JobID.init(utf8:)) else { throw .unexpected("read") }
        return Found(id: id, values: parts[1])
    }

    /// Nil if there is no such record.
    static func record(_ found: Found) throws(StoreError) -> JobRecord? {
        let id = found.id
        guard let values = found.values.array, values.count == fields.count else { throw .unexpected("read") }
        guard let word = values[0].string else { return nil }
        guard let state = JobState(rawValue: word), let meta = values[1].bytes,
            let spec = JobSpec(id: id, meta: meta, body: [])
        else { throw StoreError(.protocolViolation, "the record of \(id) cannot be read") }
        return JobRecord(
            spec: spec, state: state, attempts: values[2].int ?? 0, startedAt: moment(values[3]),
            finishedAt: moment(values[4]), nextAttemptAt: state == .scheduled ? moment(values[5]) : nil,
            result: result(
                status: values[6], answer: values[7], served: values[8], endpoint: values[9], age: values[13]),
            error: parse(values[11], JobError.init), usage: parse(values[10], TokenUsage.init),
            ledger: values[12].bytes.map(Array.init) ?? [],
            webhook: spec.webhook == nil ? nil : webhook(values[14], values[15], state))
    }

    /// Nothing is written before the first delivery.
    private static func webhook(_ text: RedisReply, _ deliveries: RedisReply, _ state: JobState) -> WebhookStatus {
        text.string.flatMap { WebhookStatus($0, deliveries: deliveries.bytes.map(Array.init) ?? []) }
            ?? WebhookStatus(state: state.isTerminal ? .pending : .waiting)
    }

    private static func moment(_ reply: RedisReply) -> Timestamp? {
        reply.int.map { Timestamp(milliseconds: Int64($0)) }
    }

    private static func result(
        status: RedisReply, answer: RedisReply, served: RedisReply, endpoint: RedisReply, age: RedisReply
    ) -> JobResult? {
        guard let status = status.int, let answer = answer.bytes else { return nil }
        return JobResult(
            statusCode: status, body: Array(answer),
            servedBy: served.string.flatMap(JobResult.ServedBy.init) ?? .endpoint, endpoint: endpoint.string,
            ageSeconds: age.string.flatMap(Double.init))
    }

    private static func parse<Value>(_ reply: RedisReply, _ make: (JSONObject) -> Value?) -> Value? {
        guard let bytes = reply.bytes, let json = try? JSONObject(parsing: bytes) else { return nil }
        return make(json)
    }
}
