import JobFlow
import Synchronization

/// Steers another queue, behind a connection that can fail; may look at fewer jobs than it is asked to.
final class UnreliableControl: JobControl {
    private let base: any JobControl
    private let failure = Mutex<StoreError?>(nil)

    private let looks: Int

    init(_ base: any JobControl, looks: Int = .max) { (self.base, self.looks) = (base, looks) }

    func fail(_ error: StoreError?) { failure.withLock { $0 = error } }

    func cancel(_ id: JobID) async throws(StoreError) -> CancelOutcome {
        try check()
        return try await base.cancel(id)
    }
    func retry(_ id: JobID) async throws(StoreError) -> ControlOutcome {
        try check()
        return try await base.retry(id)
    }
    func delete(_ id: JobID) async throws(StoreError) -> ControlOutcome {
        try check()
        return try await base.delete(id)
    }
    func list(_ page: JobPage) async throws(StoreError) -> JobList {
        try check()
        var page = page
        page.looks = min(page.looks, looks)
        return try await base.list(page)
    }
    func pause(_ queue: String, _ isPaused: Bool) async throws(StoreError) {
        try check()
        try await base.pause(queue, isPaused)
    }
    func watchCancellations(
        onCancel: @escaping @Sendable (JobID) -> Void, onGap: @escaping @Sendable () -> Void
    ) async { await base.watchCancellations(onCancel: onCancel, onGap: onGap) }

    private func check() throws(StoreError) {
        if let error = failure.withLock({ $0 }) { throw error }
    }
}
