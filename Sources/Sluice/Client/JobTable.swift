import JobFlow

/// Lists of jobs as tables for people. Pure.
enum JobTable {
    static func jobs(_ jobs: [JSONObject]) -> String {
        TextTable.text(
            ["id", "status", "queue", "attempts", "created", "custom id"],
            jobs.map { job in
                [
                    text(job["id"]), text(job["status"]), text(job["queue"]), number(job["attempts"]),
                    time(job["created_at"]), text(job["custom_id"]),
                ]
            })
    }

    static func deadLetters(_ jobs: [JSONObject]) -> String {
        TextTable.text(
            ["id", "queue", "attempts", "error", "ended", "message"],
            jobs.map { job in
                let error = job["error"]?.object
                return [
                    text(job["id"]), text(job["queue"]), number(job["attempts"]), text(error?["code"]),
                    time(job["finished_at"]), clipped(text(error?["message"])),
                ]
            })
    }

    static func deadWebhooks(_ webhooks: [JSONObject]) -> String {
        TextTable.text(
            ["id", "job ended as", "attempts", "status", "error", "died", "url"],
            webhooks.map { webhook in
                [
                    text(webhook["id"]), text(webhook["job_status"]), number(webhook["attempts"]),
                    number(webhook["last_status_code"]), text(webhook["last_error"]), time(webhook["died_at"]),
                    clipped(text(webhook["url"])),
                ]
            })
    }

    static func queues(_ queues: [JSONObject]) -> String {
        TextTable.text(
            ["queue", "paused", "oldest", "queued", "scheduled", "in progress", "failed"],
            queues.map { queue in
                let jobs = queue["jobs"]?.object
                let oldest = queue["oldest_age_seconds"]?.double ?? 0
                return [
                    text(queue["name"]), queue["is_paused"]?.bool == true ? "paused" : "-",
                    oldest > 0 ? "\(Int(oldest)) s" : "-",
                ] + ["queued", "scheduled", "in_progress", "failed"].map { number(jobs?[$0]) }
            })
    }

    private static func text(_ value: JSONValue?) -> String { value?.string ?? "-" }

    private static func number(_ value: JSONValue?) -> String { value?.int.map(String.init) ?? "-" }

    private static func time(_ value: JSONValue?) -> String {
        value?.double.map { TimeText.show(Timestamp(seconds: $0)) } ?? "-"
    }

    /// One line, and not a long one.
    private static func clipped(_ text: String) -> String {
        let line = text.map { $0.isNewline ? " " : String($0) }.joined()
        return line.count <= 80 ? line : line.prefix(79) + "…"
    }
}
