/// Makes the changes of the timeline when their time comes, also when no call does.
struct TimelinePlayer: Sendable {
    let pool: SimulatedPool

    /// Plays until the task is cancelled, from the beginning again after every reset.
    func run() async {
        var playing: Task<Void, Never>?
        for await _ in pool.starts {
            playing?.cancel()
            playing = Task { await play() }
        }
        playing?.cancel()
    }

    private func play() async {
        while let due = pool.nextChange {
            do {
                try await Task.sleep(until: pool.clock.instant(due), clock: .continuous)
            } catch {
                return
            }
            await pool.advance()
        }
    }
}
