import JobFlow

/// What a receiver reads. The same end of a job is always told in the same words, as far as its record is still there.
enum WebhookBody {
    /// - Parameters:
    ///   - record: as the queue has it now; nil if it is gone.
    ///   - job: writes a job as `GET /v1/jobs/{id}` shows it.
    static func bytes(_ event: WebhookEvent, _ record: JobRecord?, job: (JobRecord) -> [UInt8]) -> [UInt8] {
        let record = told(event, record)
        // A background response was asked for by a client of OpenAI.
        return event.spec.echo == nil ? jobEvent(event, job(record)) : responseEvent(event, record)
    }

    /// A job that has been run again is told as it had ended then.
    private static func told(_ event: WebhookEvent, _ record: JobRecord?) -> JobRecord {
        if let record, record.state == event.id.state, record.finishedAt == event.endedAt { return record }
        return JobRecord(spec: event.spec, state: event.id.state, finishedAt: event.endedAt)
    }

    private static func jobEvent(_ event: WebhookEvent, _ data: [UInt8]) -> [UInt8] {
        JSONWriter.object(capacity: data.count + 128) { json in
            json.member("type", "job.\(event.id.state.rawValue)")
            json.member("timestamp", RFC3339.text(event.endedAt))
            json.member("data", raw: data)
        }
    }

    /// As `client.webhooks.unwrap` of the OpenAI SDKs takes it.
    private static func responseEvent(_ event: WebhookEvent, _ record: JobRecord) -> [UInt8] {
        JSONWriter.object { json in
            json.member("id", event.id.description)
            json.member("object", "event")
            json.member("type", "response.\(responseStatus(record))")
            json.member("created_at", event.endedAt.milliseconds / 1000)
            json.member("data", object: { $0.member("id", event.spec.id.responseName) })
        }
    }

    private static func responseStatus(_ record: JobRecord) -> String {
        switch record.state {
        case .cancelled: return "cancelled"
        case .completed:
            let answer = record.result.flatMap { try? JSONObject(parsing: $0.body) }
            let status = answer?["status"]?.string ?? "completed"
            return ["failed", "incomplete"].contains(status) ? status : "completed"
        default: return "failed"
        }
    }
}

/// Moments as RFC 3339 writes them, in UTC with milliseconds.
enum RFC3339 {
    static func text(_ moment: Timestamp) -> String {
        let (days, milliseconds) = moment.milliseconds.quotientAndFloorRemainder(dividingBy: 86_400_000)
        let (year, month, day) = date(days)
        let seconds = milliseconds / 1000
        let time = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(time).\(padded(milliseconds % 1000, 3))Z"
    }

    /// Of a number of days since 1970-01-01, in the Gregorian calendar. Years are counted from March, in eras of 400 years
    /// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).quotientAndFloorRemainder(dividingBy: 146_097)
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        return (year + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * march + 2) / 5 + 1)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

extension Int64 {
    fileprivate func quotientAndFloorRemainder(dividingBy divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
