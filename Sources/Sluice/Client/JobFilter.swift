import JobFlow

/// Which jobs of a list. A value.
struct JobFilter: Sendable, Equatable {
    var status: String
    var queue: String?
    /// The error code of failed jobs.
    var reason: String?
    var since: Timestamp?
    var until: Timestamp?

    init(status: String, queue: String? = nil) {
        self.status = status
        self.queue = queue
    }

    func query(limit: Int, after: String?) -> String {
        let parts: [(String, String?)] = [
            ("status", status), ("queue", queue), ("reason", reason), ("since", since.map { "\($0.seconds)" }),
            ("until", until.map { "\($0.seconds)" }), ("limit", String(limit)), ("after", after),
        ]
        return parts.compactMap { name, value in value.map { "\(name)=\(PercentCoding.encode($0))" } }
            .joined(separator: "&")
    }
}
