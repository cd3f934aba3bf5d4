import JobFlow

/// The name of a response: that of its job, under the prefix that clients expect.
enum ResponseID {
    static func text(_ id: JobID) -> String { id.responseName }

    static func job(_ text: String) -> JobID? {
        guard text.hasPrefix("resp_") else { return nil }
        return JobID("job_" + text.dropFirst("resp_".count))
    }
}
