import JobFlow
import Redis

/// The commands that read one job, and what they tell. Another script may run between them: the first decides.
enum PlainRead {
    /// Of the payload, what holds the meta of nearly every job.
    private static let headBytes = 384

    static func commands(_ id: JobID) -> [[RedisArgument]] {
        let payload = QueueKeys.payload(id)
        return [
            ["HMGET", .string(QueueKeys.record(payload)), fields],
            ["GETRANGE", .string(payload), head],
        ]
    }

    private static let fields = RedisArgument.constant(RedisWords(ReadRecord.names))
    private static let head = RedisArgument.constant(RedisWords(["0", .integer(headBytes - 1)]))

    /// Nil for what these commands cannot tell: an alias, a long meta, a job that is not there.
    static func found(_ id: JobID, _ record: RedisReply, _ head: RedisReply) -> ReadRecord.Found? {
        guard var values = record.array, values.count == ReadRecord.fields.count else { return nil }
        if values[1].isNull {
            guard let meta = head.bytes.flatMap(Payload.init)?.meta else { return nil }
            values[1] = .bytes(meta)
            if values[0].isNull { values[0] = .bytes(queued) }
        }
        return values[0].isNull ? nil : ReadRecord.Found(id: id, values: .array(values))
    }

    private static let queued = Array(JobState.queued.rawValue.utf8)[...]
}
