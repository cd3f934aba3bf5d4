import Hummingbird
import JobFlow

/// A job as a Response of the Responses API. What the upstream answered is spliced in as it is, but under our id.
enum ResponseObject {
    static func response(_ record: JobRecord) -> Response {
        .json(bytes(record), headers: WaitedAnswer.headers(record))
    }

    static func bytes(_ record: JobRecord) -> [UInt8] {
        let answer = record.state == .completed ? record.result.flatMap { try? JSONObject(parsing: $0.body) } : nil
        return JSONWriter.object(capacity: (record.result?.body.count ?? 0) + 1024) { json in
            ours(record, answer, &json)
            var known = owned
            for part in [answer, record.spec.echo.flatMap { try? JSONObject(parsing: $0) }] {
                for (key, value) in part?.members ?? [] where known.insert(key).inserted {
                    json.member(named: key, raw: value.raw)
                }
            }
            for (key, value) in usual where known.insert(key).inserted { json.member(named: key, raw: value.utf8) }
        }
    }

    /// A Response of the upstream within an event, under our id.
    static func renamed(_ upstream: JSONObject, _ spec: JobSpec) -> [UInt8] {
        JSONWriter.object(capacity: upstream.raw.count + 128) { json in
            json.member("id", ResponseID.text(spec.id))
            json.member("background", true)
            json.member("metadata", raw: spec.metadata ?? Array("{}".utf8))
            for (key, value) in upstream.members where !["id", "background", "metadata"].contains(key) {
                json.member(named: key, raw: value.raw)
            }
        }
    }

    /// What the upstream knows less of than we do.
    private static let owned: Set<String> = [
        "id", "object", "created_at", "status", "background", "completed_at", "error", "metadata", "store", "model",
        "attempts",
    ]

    /// What a client's SDK expects to be there, for as long as nobody has said otherwise.
    private static let usual: [(String, String)] = [
        ("output", "[]"), ("parallel_tool_calls", "true"), ("tool_choice", #""auto""#), ("tools", "[]"),
        ("incomplete_details", "null"), ("instructions", "null"), ("temperature", "null"), ("top_p", "null"),
        ("max_output_tokens", "null"), ("previous_response_id", "null"), ("prompt_cache_key", "null"),
        ("reasoning", "null"), ("service_tier", "null"), ("text", "null"), ("truncation", "null"), ("usage", "null"),
        ("user", "null"),
    ]

    private static func ours(_ record: JobRecord, _ answer: JSONObject?, _ json: inout JSONWriter) {
        let spec = record.spec
        let echo = spec.echo.flatMap { try? JSONObject(parsing: $0) }
        json.member("id", ResponseID.text(spec.id))
        json.member("object", "response")
        json.member("created_at", spec.createdAt)
        json.member("status", status(record, answer))
        json.member("background", spec.echo != nil)
        json.member("completed_at", record.state == .completed ? record.finishedAt : nil)
        json.member("error", rawOrNull: error(record, answer))
        json.member("metadata", raw: spec.metadata ?? Array("{}".utf8))
        json.member("store", echo?["store"]?.bool ?? true)
        // A required member, also where any model may serve.
        json.member("model", answer?["model"]?.string ?? spec.model ?? "")
        json.member("attempts", array: { if !record.ledger.isEmpty { $0.element(raw: record.ledger) } })
    }

    private static func status(_ record: JobRecord, _ answer: JSONObject?) -> String {
        switch record.state {
        case .queued: "queued"
        case .scheduled, .inProgress: "in_progress"
        case .completed: answer?["status"]?.string ?? "completed"
        case .failed, .expired: "failed"
        case .cancelled: "cancelled"
        }
    }

    /// `code` is one of the few that SDKs know; ours is `type`.
    private static func error(_ record: JobRecord, _ answer: JSONObject?) -> [UInt8]? {
        if let own = answer?["error"], !own.isNull { return Array(own.raw) }
        guard record.state == .failed || record.state == .expired else { return nil }
        let error = record.error ?? .deadlineExceeded
        return JSONWriter.object { json in
            json.member("code", code(record.result?.statusCode, error))
            json.member("message", message(record, error))
            json.member("type", error.code)
        }
    }

    private static func code(_ status: Int?, _ error: JobError) -> String {
        switch status {
        case 429: "rate_limit_exceeded"
        case 400, 413, 422: "invalid_prompt"
        default: error.code == "throttled" ? "rate_limit_exceeded" : "server_error"
        }
    }

    /// The upstream's own words, where it had some.
    private static func message(_ record: JobRecord, _ error: JobError) -> String {
        let answer = record.result.flatMap { try? JSONObject(parsing: $0.body) }
        return answer?["error"]?.object?["message"]?.string ?? error.message
    }
}
