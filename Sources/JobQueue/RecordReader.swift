import JobFlow
import Redis
import RedisFaults
import Synchronization

/// Reads records, many at a time. Most of those that are polled are read by plain commands, at a third of what `read.lua` costs
/// the server; it reads what needs more looks than these, and large answers, because it can stop in between. A server that has
/// just become a replica answers plain commands, too: what is told is as old as that.
final class RecordReader: Sendable {
    private let client: RedisClient
    private let partition: Int
    private let now: @Sendable () -> ContinuousClock.Instant
    /// Until then the script reads: replies were so large, or did not come, that the next ones may not come all at once.
    private let heavyUntil: Mutex<ContinuousClock.Instant>

    /// How long it is remembered that answers are large.
    static let memory = Duration.seconds(60)

    init(
        _ client: RedisClient, partition: Int,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.client = client
        self.partition = partition
        self.now = now
        heavyUntil = Mutex(now())
    }

    /// In the order of the ids; nil for those that have to be asked for again.
    func read(_ ids: [JobID]) async -> Result<[ReadRecord.Found?], StoreError> {
        do throws(StoreError) {
            let isHeavy = heavyUntil.withLock { now() < $0 }
            return .success(isHeavy ? try await byScript(ids) : try await byCommands(ids))
        } catch {
            rememberHeavy()
            return .failure(error)
        }
    }

    /// The same; the ends of those that have not ended are announced from now on.
    func readAndWatch(_ ids: [JobID]) async -> Result<[ReadRecord.Found?], StoreError> {
        do throws(StoreError) { return .success(try await byScript(ids, watches: true)) } catch {
            return .failure(error)
        }
    }

    private func byScript(_ ids: [JobID], watches: Bool = false) async throws(StoreError) -> [ReadRecord.Found?] {
        let replies = try await client.evaluate(
            QueueScripts.read, prefix: QueueKeys.prefix(partition), ReadRecord.arguments(ids, watches: watches)
        ) { $0.array }
        if !watches { note(replies) }
        // One that nobody can read is no fault of the others.
        return zip(ids, replies).map { id, reply in
            do throws(StoreError) { return try ReadRecord.found(reply) } catch {
                return ReadRecord.Found(id: id, values: .null)
            }
        }
    }

    private func byCommands(_ ids: [JobID]) async throws(StoreError) -> [ReadRecord.Found?] {
        let replies: [RedisReply]
        do { replies = try await client.pipeline(ids.flatMap(PlainRead.commands)) } catch { throw StoreError(error) }
        guard replies.count == 2 * ids.count else { throw .unexpected("read") }
        note(replies)
        var found = ids.indices.map { PlainRead.found(ids[$0], replies[2 * $0], replies[2 * $0 + 1]) }
        let rest = found.indices.filter { found[$0] == nil }
        guard !rest.isEmpty else { return found }
        for (index, one) in zip(rest, try await byScript(rest.map { ids[$0] })) { found[index] = one }
        return found
    }

    private func note(_ replies: [RedisReply]) {
        if replies.reduce(0, { $0 + $1.byteCount }) > ReadRecord.bytesBound / 2 { rememberHeavy() }
    }

    private func rememberHeavy() { heavyUntil.withLock { $0 = now() + Self.memory } }
}

extension RedisReply {
    /// Bytes of strings in it.
    fileprivate var byteCount: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .array(let elements): elements.reduce(0) { $0 + $1.byteCount }
        case .null, .integer, .error: 0
        }
    }
}
