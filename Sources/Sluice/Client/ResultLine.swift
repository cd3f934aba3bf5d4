import JobFlow

/// One line of a result file, in the shape of an OpenAI batch output file, with the job's name as `id`.
enum ResultLine {
    static func line(_ job: JSONObject) -> [UInt8] {
        JSONWriter.object { json in
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
            json.member("error", raw: job["error"]?.raw ?? ArraySlice("null".utf8))
        }
    }

    /// A line that the intake did not take.
    static func rejected(line: Int, _ reason: String) -> [UInt8] {
        JSONWriter.object { json in
            json.member("id", String?.none)
            json.member("custom_id", String?.none)
            json.member("response", raw: "null".utf8)
            json.member(
                "error",
                object: { error in
                    error.member("code", "rejected")
                    error.member("message", "line \(line): \(reason)")
                })
        }
    }
}
