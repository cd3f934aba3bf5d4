import JobFlow

/// One line of a prompt file, as the body of a submission.
enum SubmitLine {
    /// A line of plain text becomes the `prompt` shorthand.
    static func text(_ line: String, model: String?, queue: String?) -> [UInt8] {
        JSONWriter.object { json in
            json.member("prompt", line)
            if let model { json.member("model", model) }
            if let queue { json.member("queue", queue) }
        }
    }

    /// A line of an OpenAI batch file, `{"custom_id","method","url","body"}`, becomes a job; further members are those of
    /// `POST /v1/jobs`.
    static func batch(_ line: [UInt8], queue: String?) throws -> [UInt8] {
        let object = try JSONObject(parsing: line)
        if let method = object["method"]?.string, method != "POST" {
            throw PlainError("method: POST was expected, this is \(method)")
        }
        guard object["body"]?.kind == .object || object["prompt"]?.kind == .string else {
            throw PlainError("body: an object was expected")
        }
        return JSONWriter.object(capacity: line.count + 64) { json in
            for (key, value) in object.members where key != "method" { json.member(named: key, raw: value.raw) }
            if let queue, object["queue"] == nil { json.member("queue", queue) }
        }
    }
}
