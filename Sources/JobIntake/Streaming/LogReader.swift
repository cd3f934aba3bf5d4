import JobFlow

/// Reads one job's log for one client, over outages of the queue.
struct LogReader: Sendable {
    let id: JobID
    let log: any JobEvents
    let connection: ConnectionWatch?
    /// The log is asked for again so long after it could not be read.
    let pause: Duration

    enum Reading: Sendable {
        case page(JobEventPage)
        /// Nothing can be said now.
        case nothing
        /// The client has left, or the server stops.
        case closed
        case failed(StoreError)
    }

    func read(from sequence: Int, known: JobStanding?, within wait: Duration) async -> Reading {
        await ConnectionWatch.whileOpen(connection) { await page(sequence, known, wait) } ?? .closed
    }

    private func page(_ sequence: Int, _ known: JobStanding?, _ wait: Duration) async -> Reading {
        do throws(StoreError) {
            if let page = try await log.events(id, from: sequence, known: known, within: wait) { return .page(page) }
        } catch {
            guard error.isRetriable || error.code == .cancelled else { return .failed(error) }
        }
        // Away, or the queue does not have the job yet.
        try? await Task.sleep(for: min(pause, wait))
        return .nothing
    }
}
