import JobFlow

/// The query of `GET /v1/jobs`. Pure: values come in as text.
enum ListParameters {
    /// The states that the queue keeps lists of.
    static let states = [JobState.queued, .scheduled, .inProgress, .failed]

    typealias Query = (_ name: String) throws(IntakeProblem) -> String?

    static func page(_ query: Query, queues: [IntakeQueue]) throws(IntakeProblem) -> JobPage {
        var page = JobPage(state: try state(query("status")))
        page.queue = try queue(query("queue"), queues)
        page.reason = try reason(query("reason"), page.state)
        page.since = try moment("since", query)
        page.until = try moment("until", query)
        if let since = page.since, let until = page.until, until < since {
            throw .field("until", "until has to be no earlier than since.")
        }
        page.limit = try limit(query("limit"))
        page.after = try after(query("after"))
        return page
    }

    private static func state(_ text: String?) throws(IntakeProblem) -> JobState {
        let known = states.map(\.rawValue).joined(separator: ", ")
        guard let text else {
            throw .field("status", "status is missing. It is one of \(known).", code: "missing_field")
        }
        guard let state = states.first(where: { $0.rawValue == text }) else {
            throw .field("status", "status has to be one of \(known).")
        }
        return state
    }

    private static func queue(_ name: String?, _ queues: [IntakeQueue]) throws(IntakeProblem) -> String? {
        guard let name else { return nil }
        guard queues.contains(where: { $0.name == name }) else {
            let known = queues.map(\.name).joined(separator: ", ")
            throw .field("queue", "There is no queue of that name. The queues are \(known).", code: "queue_not_found")
        }
        return name
    }

    private static func reason(_ text: String?, _ state: JobState) throws(IntakeProblem) -> String? {
        guard let text else { return nil }
        guard state == .failed else { throw .field("reason", "reason goes with status failed only.") }
        guard 1...128 ~= text.unicodeScalars.count else {
            throw .field("reason", "reason has to be an error code of 1 to 128 characters.")
        }
        return text
    }

    private static func moment(_ name: String, _ query: Query) throws(IntakeProblem) -> Timestamp? {
        guard let text = try query(name) else { return nil }
        guard let seconds = PlainNumber.read(text), 0...253_402_300_799 ~= seconds else {
            throw .field(name, "\(name) has to be a time in Unix seconds, from 0 to 253402300799.")
        }
        return Timestamp(seconds: seconds)
    }

    private static func limit(_ text: String?) throws(IntakeProblem) -> Int {
        guard let text else { return 20 }
        guard let limit = PlainNumber.read(text).flatMap(Int.init(exactly:)), 1...100 ~= limit else {
            throw .field("limit", "limit has to be a whole number from 1 to 100.")
        }
        return limit
    }

    private static func after(_ text: String?) throws(IntakeProblem) -> JobID? {
        guard let text else { return nil }
        guard let id = JobID(text) else { throw .field("after", "after has to be the id of a job.") }
        return id
    }
}
