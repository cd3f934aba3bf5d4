import JobFlow

/// A job for people: where it is, what came of it. Pure.
enum JobView {
    static func text(_ job: JSONObject) -> String {
        var lines = [
            "job       \(job["id"]?.string ?? "")",
            "status    \(job["status"]?.string ?? "")",
            "queue     \(job["queue"]?.string ?? "")",
            "attempts  \(job["attempts"]?.int ?? 0) of at most \(job["max_attempts"]?.int ?? 0) that count",
        ]
        if let endpoint = job["result"]?.object?["endpoint"]?.string { lines.append("endpoint  \(endpoint)") }
        if let usage = job["usage"]?.object?["total_tokens"]?.int { lines.append("tokens    \(usage)") }
        if let error = job["error"]?.object?["message"]?.string { lines.append("error     \(error)") }
        if let answer = answer(job) { lines.append("answer    \(answer)") }
        return lines.joined(separator: "\n")
    }

    /// The text of a chat completion or a legacy completion, if it is one.
    private static func answer(_ job: JSONObject) -> String? {
        let choice = job["result"]?.object?["body"]?.object?["choices"]?.array?.first?.object
        return choice?["message"]?.object?["content"]?.string ?? choice?["text"]?.string
    }
}
