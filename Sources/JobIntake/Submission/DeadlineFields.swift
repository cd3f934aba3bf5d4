import JobFlow

/// `deadline` and `expires_in`: two ways to say by when a job has to be done.
enum DeadlineFields {
    /// A year; later than that, nobody waits.
    static let maximumSeconds = 31_536_000.0

    static func read(_ fields: JobFields, now: Timestamp) throws(IntakeProblem) -> Timestamp? {
        switch (fields["deadline"], fields["expires_in"]) {
        case (nil, nil): return nil
        case (.some, .some): throw .field("expires_in", "Only one of deadline and expires_in can be given.")
        case (let deadline?, nil): return try moment(deadline, now)
        case (nil, let seconds?): return try span(seconds, now)
        }
    }

    private static func moment(_ value: JSONValue, _ now: Timestamp) throws(IntakeProblem) -> Timestamp {
        guard let text = value.string, let moment = Timestamp(rfc3339: text) else {
            throw .field("deadline", "deadline has to be an RFC 3339 time such as 2030-01-31T12:00:00Z.")
        }
        guard moment > now else { throw .field("deadline", "deadline has passed already.") }
        return moment
    }

    private static func span(_ value: JSONValue, _ now: Timestamp) throws(IntakeProblem) -> Timestamp {
        guard let seconds = value.double, seconds > 0, seconds <= maximumSeconds else {
            throw .field("expires_in", "expires_in has to be a number of seconds above 0, and at most 31536000.")
        }
        return Timestamp(milliseconds: now.milliseconds + max(1, Int64((seconds * 1000).rounded())))
    }
}
