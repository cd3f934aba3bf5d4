import JobFlow

/// The job as clients read it. The upstream's answer and the client's metadata are spliced in as they are.
enum JobObject {
    static func bytes(_ record: JobRecord) -> [UInt8] {
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
            json.member("result", rawOrNull: record.result.map(result))
            json.member("error", rawOrNull: record.error?.encoded)
            json.member("usage", rawOrNull: record.usage?.encoded)
        }
    }

    private static func result(_ result: JobResult) -> [UInt8] {
        JSONWriter.object(capacity: result.body.count + 128) { json in
            json.member("status_code", result.statusCode)
            json.member("body", raw: result.body)
            json.member("served_by", result.servedBy.rawValue)
            json.member("endpoint", result.endpoint)
            json.member("age_seconds", Int?.none)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ key: StaticString, rawOrNull value: [UInt8]?) {
        if let value { member(key, raw: value) } else { member(key, raw: "null".utf8) }
    }
}
