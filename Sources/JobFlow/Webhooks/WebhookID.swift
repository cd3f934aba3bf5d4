/// The name of one end of a job, `evt_<partition>_<ULID>_<epoch>_<state>`: the same however often that end is written or
/// told, so that a receiver knows a repetition by it. A job that is run again ends under another epoch.
package struct WebhookID: Hashable, Sendable, CustomStringConvertible {
    package var job: JobID
    package var epoch: Int
    /// Terminal.
    package var state: JobState

    package init(job: JobID, epoch: Int, state: JobState) {
        self.job = job
        self.epoch = epoch
        self.state = state
    }

    /// Reads an id back; nil for anything that Sluice did not make.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == "evt", let job = JobID("job_\(parts[1])_\(parts[2])"),
            let epoch = Int(parts[3]), epoch >= 0, String(epoch) == parts[3],
            let state = JobState(rawValue: String(parts[4])), state.isTerminal
        else { return nil }
        self.init(job: job, epoch: epoch, state: state)
    }

    package var description: String { "evt_\(job.partition)_\(job.ulid)_\(epoch)_\(state.rawValue)" }
}
