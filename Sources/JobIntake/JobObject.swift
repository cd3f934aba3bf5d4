package import JobFlow

/// The job as clients read it. The upstream's answer and the client's metadata are spliced in as they are.
package enum JobObject {
    /// As a webhook tells it: without what that is about itself, and without an answer that is longer than so many bytes.
    package static func told(_ record: JobRecord, answersUpTo limit: Int) -> [UInt8] {
        bytes(record, answersUpTo: limit, isTold: true)
    }

    /// - Parameter poolOpensIn: given when every endpoint that could run the job is closed: whoever waits is told.
    static func bytes(_ record: JobRecord, poolOpensIn: Duration? = nil) -> [UInt8] {
        bytes(record, poolOpensIn: poolOpensIn, answersUpTo: .max, isTold: false)
    }

    private static func bytes(
        _ record: JobRecord, poolOpensIn: Duration? = nil, answersUpTo limit: Int, isTold: Bool
    ) -> [UInt8] {
        let spec = record.spec
        return JSONWriter.object(capacity: (record.result?.body.count ?? 0) + 512) { json in
            json.member("id", spec.id.description)
            json.member("object", "job")
            json.member("status", record.state.rawValue)
            json.member("queue", spec.queue)
            json.member("custom_id", spec.customID)
            json.member("metadata", rawOrNull: spec.metadata)
            json.member("created_at", spec.createdAt)
            json.member("started_at", record.startedAt)
            json.member("finished_at", record.finishedAt)
            json.member("deadline", spec.deadline)
            json.member("attempts", record.attempts)
            json.member("max_attempts", spec.maxAttempts)
            json.member("next_attempt_at", record.nextAttemptAt)
            json.member("result", record.result) { result($0, upTo: limit, &$1) }
            json.member("error", record.error) { $0.encode(to: &$1) }
            json.member("usage", record.usage) { $0.encode(to: &$1) }
            if !isTold, let url = spec.webhook {
                json.member("webhook", raw: WebhookObject.bytes(url, record.webhook ?? usual(record)))
            }
            if let poolOpensIn { json.member("notice", object: { notice(&$0, poolOpensIn) }) }
        }
    }

    private static func notice(_ json: inout JSONWriter, _ poolOpensIn: Duration) {
        json.member("code", "pool_closed")
        json.member(
            "message", "Every endpoint that could run this job is closed at the moment. It waits, nothing is lost.")
        json.member("opens_in_seconds", Timestamp(milliseconds: poolOpensIn.wholeMilliseconds))
    }

    /// What is known where nothing was read of it.
    private static func usual(_ record: JobRecord) -> WebhookStatus {
        WebhookStatus(state: record.state.isTerminal ? .pending : .waiting)
    }

    private static func result(_ result: JobResult, upTo limit: Int, _ json: inout JSONWriter) {
        json.member("status_code", result.statusCode)
        let isShown = result.body.count <= limit
        json.member("body", rawOrNull: isShown ? result.body : nil)
        if !isShown { json.member("body_omitted", true) }
        json.member("served_by", result.servedBy.rawValue)
        json.member("endpoint", result.endpoint)
        json.member("age_seconds", result.ageSeconds.map(Timestamp.init(seconds:)))
    }
}
