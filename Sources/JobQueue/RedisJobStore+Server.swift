package import JobFlow
import Redis

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

    package func standings(_ ids: [JobID]) async throws(StoreError) -> [JobStanding?] {
        let commands = ids.map { id -> [RedisArgument] in
            ["HMGET", .string(QueueKeys.record(id)), "state", "epoch", "rows"]
        }
        let replies: [RedisReply]
        do { replies = try await client.pipeline(commands) } catch { throw StoreError(error) }
        var standings: [JobStanding?] = []
        for reply in replies {
            guard let parts = reply.array, parts.count == 3 else { throw .unexpected("standings") }
            standings.append(
                parts[0].string.flatMap(JobState.init).map {
                    JobStanding(state: $0, epoch: parts[1].int ?? 0, attempts: parts[2].int ?? 0)
                })
        }
        return standings
    }
}
