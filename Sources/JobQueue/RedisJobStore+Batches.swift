package import JobFlow
import Redis
import RedisFaults

extension RedisJobStore: JobBatches {
    package func batch(_ id: BatchID) async throws(StoreError) -> BatchStanding? {
        let commands = (0..<configuration.partitions).map {
            [RedisArgument](["HGETALL", .string(QueueKeys.batch(id, $0))])
        }
        let replies: [RedisReply]
        do { replies = try await client.pipeline(commands) } catch { throw StoreError(error) }
        var sum: BatchStanding?
        for reply in replies {
            guard let part = try Self.standing(reply) else { continue }
            guard var known = sum else { sum = part; continue }
            known.counts.merge(part.counts, uniquingKeysWith: +)
            known.createdAt = min(known.createdAt, part.createdAt)
            sum = known
        }
        return sum
    }

    package func remember(_ sent: SentBatch, as id: BatchID) async throws(StoreError) {
        _ = try await send([
            "SET", .string(QueueKeys.sentBatch(id)), .bytes(Array(sent.digest.utf8) + sent.answer), "PX",
            .integer(Int(configuration.idempotencyTTL.wholeMilliseconds)),
        ])
    }

    package func sent(_ id: BatchID) async throws(StoreError) -> SentBatch? {
        guard let text = try await send(["GET", .string(QueueKeys.sentBatch(id))]).bytes else { return nil }
        return SentBatch(digest: String(decoding: text.prefix(64), as: UTF8.self), answer: Array(text.dropFirst(64)))
    }

    package func ended(in batch: BatchID, partition: Int, from start: Int, limit: Int)
        async throws(StoreError) -> [JobID]
    {
        let reply = try await send([
            "LRANGE", .string(QueueKeys.endedOfBatch(batch, partition)), .integer(start), .integer(start + limit - 1),
        ])
        guard let lines = reply.array else { throw .unexpected("LRANGE") }
        return lines.compactMap { $0.string.flatMap { JobID("job_\(partition)_\(batch.name)\($0)") } }
    }

    /// The hash has fields `created` and `caller`, and one for each state.
    private static func standing(_ reply: RedisReply) throws(StoreError) -> BatchStanding? {
        guard let parts = reply.array else { throw .unexpected("HGETALL") }
        guard !parts.isEmpty else { return nil }
        var standing = BatchStanding(counts: [:], createdAt: Timestamp(milliseconds: 0), caller: "")
        for index in stride(from: 0, to: parts.count - 1, by: 2) {
            switch parts[index].string {
            case "created": standing.createdAt = Timestamp(milliseconds: Int64(parts[index + 1].int ?? 0))
            case "caller": standing.caller = parts[index + 1].string ?? ""
            case let word:
                guard let state = word.flatMap(JobState.init), let count = parts[index + 1].int, count > 0 else {
                    continue
                }
                standing.counts[state] = count
            }
        }
        return standing
    }
}
