package import JobFlow

/// One line of a result file, in the shape of an OpenAI batch output file, with the number of the input's line in front and the
/// job's name as `id`.
package struct ResultLine: Sendable, Equatable {
    package var line: Int
    package var isCompleted: Bool
    /// Without a line end.
    package var text: [UInt8]

    /// Of an ended job.
    package init(line: Int, job: JSONObject) {
        self.line = line
        isCompleted = job["status"]?.string == JobState.completed.rawValue
        text = JSONWriter.object(capacity: job.raw.count + 256) { json in
            json.member("line", line)
            json.member("id", job["id"]?.string)
            json.member("custom_id", job["custom_id"]?.string)
            if let result = job["result"]?.object, let body = result["body"] {
                json.member(
                    "response",
                    object: { response in
                        response.member("status_code", result["status_code"]?.int)
                        response.member("request_id", job["id"]?.string)
                        response.member("body", raw: body.raw)
                    })
            } else {
                json.member("response", raw: "null".utf8)
            }
            json.member("error", raw: Self.error(job))
        }
    }

    /// Of a job that has ended, and is kept no longer.
    package init(line: Int, forgotten id: String) {
        self.init(
            line: line, id: id, code: "result_unavailable", "the request was executed; its result was kept no longer")
    }

    /// Of a line that the intake did not take.
    package init(_ rejection: LineRejection) {
        self.init(
            line: rejection.line, id: nil, code: "rejected",
            "line \(rejection.line): \(rejection.message) (\(rejection.code))")
    }

    /// Reads back what was written; nil for anything else.
    package init?(_ text: ArraySlice<UInt8>) {
        guard text.starts(with: Self.head), text.last == UInt8(ascii: "}") else { return nil }
        let digits = text.dropFirst(Self.head.count).prefix { 0x30...0x39 ~= $0 }
        guard let line = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
        self.line = line
        isCompleted = text.suffix(Self.completedEnd.count).elementsEqual(Self.completedEnd)
        self.text = []
    }

    private init(line: Int, id: String?, code: String, _ message: String) {
        self.line = line
        isCompleted = false
        text = JSONWriter.object { json in
            json.member("line", line)
            json.member("id", id)
            json.member("custom_id", String?.none)
            json.member("response", raw: "null".utf8)
            json.member(
                "error",
                object: { error in
                    error.member("code", code)
                    error.member("message", message)
                })
        }
    }

    private static let head = Array(#"{"line":"#.utf8)
    private static let completedEnd = Array(#","error":null}"#.utf8)

    /// What did not complete has one, so that it is told from what did.
    private static func error(_ job: JSONObject) -> ArraySlice<UInt8> {
        let status = job["status"]?.string
        if let error = job["error"], !error.isNull { return error.raw }
        guard status != JobState.completed.rawValue else { return ArraySlice("null".utf8) }
        return JSONWriter.object { json in
            json.member("code", status)
            json.member("message", "the job is \(status ?? "nowhere")")
        }[...]
    }
}
