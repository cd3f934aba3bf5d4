import JobFlow
import TestKit

/// Plays the worker while a client waits: whatever is claimed is settled so.
func answering<Value: Sendable>(
    _ store: InMemoryJobStore, _ settle: @escaping @Sendable (Claim) async throws -> Void,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            while !Task.isCancelled {
                for claim in try await store.claimAll() { try await settle(claim) }
                try? await Task.sleep(for: .milliseconds(2))
            }
        }
        defer { group.cancelAll() }
        return try await body()
    }
}

extension InMemoryJobStore {
    func refuse(_ claim: Claim, status: Int, _ body: String, code: String = "content_filter") async throws {
        let error = JobError(code: code, message: "refused", type: "invalid_request_error")
        let answer = JobResult(statusCode: status, body: Array(body.utf8), endpoint: "eastus-ptu")
        _ = try await settle(
            Settlement(claim: claim, verdict: .failed(error, answer: answer), attempts: [], spent: 1, rounds: 0))
    }
}
