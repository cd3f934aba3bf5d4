package import JobFlow
import Logging
import Redis
import RedisFaults

extension RedisJobStore: JobControl {
    package func cancel(_ id: JobID) async throws(StoreError) -> CancelOutcome {
        guard id.partition < configuration.partitions else { return .missing }
        let arguments = [.string(id.description)] + configuration.ttlArguments
        return try await evaluate(QueueScripts.cancel, id.partition, arguments, Self.cancelOutcome)
    }

    package func retry(_ id: JobID) async throws(StoreError) -> ControlOutcome {
        guard var spec = try await record(id)?.spec else { return .missing }
        if let deadline = spec.deadline, deadline <= (try await serverTime()) { spec.deadline = nil }
        let arguments: [RedisArgument] = [
            .string(spec.id.description), .bytes(spec.encodedMeta),
            spec.deadline.map { .string(String($0.milliseconds)) } ?? "",
        ]
        return try await evaluate(QueueScripts.retry, spec.id.partition, arguments, Self.controlOutcome)
    }

    package func delete(_ id: JobID) async throws(StoreError) -> ControlOutcome {
        guard id.partition < configuration.partitions else { return .missing }
        return try await evaluate(
            QueueScripts.delete, id.partition, [.string(id.description)], Self.controlOutcome)
    }

    package func pause(_ queue: String, _ isPaused: Bool) async throws(StoreError) {
        for partition in 0..<configuration.partitions {
            _ = try await evaluate(QueueScripts.pause, partition, [.string(queue), isPaused ? "1" : "0"]) { $0.int }
        }
    }

    package func watchCancellations(
        onCancel: @escaping @Sendable (JobID) -> Void, onGap: @escaping @Sendable () -> Void
    ) async {
        let channels = (0..<configuration.partitions).map(QueueKeys.cancelled)
        do {
            try await client.subscribe(
                channels,
                onMessage: { _, payload in
                    if let id = JobID(utf8: payload) { onCancel(id) }
                }, onGap: onGap)
        } catch {
            if !Task.isCancelled { logger.error("subscription ended", metadata: ["error": "\(error)"]) }
        }
    }

    /// Deadlines are by the server's clock, as everything that scripts compare.
    private func serverTime() async throws(StoreError) -> Timestamp {
        guard let parts = try await send(["TIME"]).array, let seconds = parts.first?.int else {
            throw .unexpected("TIME")
        }
        return Timestamp(milliseconds: Int64(seconds) * 1000)
    }

    private static func cancelOutcome(_ reply: RedisReply) -> CancelOutcome? {
        guard let parts = reply.array, let word = parts.first?.string else { return nil }
        switch (word, parts.count > 1 ? parts[1].string : nil) {
        case ("cancelled", let epoch?):
            return .cancelled(epoch: Int(epoch) ?? 0, from: parts.last?.string.flatMap(JobState.init))
        case ("ended", let state?): return JobState(rawValue: state).map(CancelOutcome.ended)
        case ("missing", _): return .missing
        default: return nil
        }
    }

    private static func controlOutcome(_ reply: RedisReply) -> ControlOutcome? {
        guard let parts = reply.array, let word = parts.first?.string else { return nil }
        switch (word, parts.count > 1 ? parts[1].string : nil) {
        case ("done", _): return .done
        case ("refused", let state?): return JobState(rawValue: state).map(ControlOutcome.refused)
        case ("missing", _): return .missing
        default: return nil
        }
    }
}
