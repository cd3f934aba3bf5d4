package import JobFlow
import Redis
import RedisFaults

extension RedisJobStore {
    package func server(_ partition: Int) async throws(StoreError) -> ServerMemory {
        try await evaluate(QueueScripts.server, partition, []) { reply in
            guard let parts = reply.array, parts.count == 2, let name = parts[0].string else { return nil }
            return ServerMemory(
                identity: ServerIdentity(name),
                remembersUntil: parts[1].int.map { Timestamp(milliseconds: Int64($0)) })
        }
    }

    package func announce(_ member: String, to server: ServerIdentity, partition: Int, memory: Duration)
        async throws(StoreError) -> FleetStanding
    {
        let arguments: [RedisArgument] = [
            .string(server.description), .string(member), .integer(Int(memory.wholeMilliseconds)),
        ]
        let parts = try await evaluate(QueueScripts.announce, partition, arguments) { $0.array }
        guard !parts.isEmpty else { throw .serverChanged }
        guard parts.count == 2, let names = parts[0].array, let age = parts[1].int else {
            throw .unexpected("announce")
        }
        return FleetStanding(waitingFor: Set(names.compactMap(\.string)), age: .milliseconds(age))
    }

    /// A job that stands for another one is where that one is.
    package func standings(_ ids: [JobID]) async throws(StoreError) -> [JobStanding?] {
        let found = try await stored(ids)
        let others = found.compactMap(\.alias)
        guard !others.isEmpty else { return found.map(\.standing) }
        let theirs = Dictionary(zip(others, try await stored(others)), uniquingKeysWith: { first, _ in first })
        return found.map { $0.standing ?? $0.alias.flatMap { theirs[$0]?.standing } }
    }

    private func stored(_ ids: [JobID]) async throws(StoreError) -> [(standing: JobStanding?, alias: JobID?)] {
        // A job that nobody has held yet has its payload alone.
        let commands = ids.flatMap { id -> [[RedisArgument]] in
            [
                ["HMGET", .string(QueueKeys.record(id)), "state", "epoch", "rows", "alias"],
                ["EXISTS", .string(QueueKeys.payload(id))],
            ]
        }
        let replies: [RedisReply]
        do { replies = try await client.pipeline(commands) } catch { throw StoreError(error) }
        var found: [(standing: JobStanding?, alias: JobID?)] = []
        for index in stride(from: 0, to: replies.count - 1, by: 2) {
            guard let parts = replies[index].array, parts.count == 4, let waits = replies[index + 1].int else {
                throw .unexpected("standings")
            }
            let state = parts[0].string.flatMap(JobState.init) ?? (waits == 1 ? .queued : nil)
            let standing = state.map {
                JobStanding(state: $0, epoch: parts[1].int ?? 0, attempts: parts[2].int ?? 0)
            }
            found.append((standing, parts[3].bytes.flatMap(JobID.init(utf8:))))
        }
        return found
    }
}

extension StoreError {
    static let serverChanged = StoreError(.serverChanged, "another server answers, or it was wiped")
}
