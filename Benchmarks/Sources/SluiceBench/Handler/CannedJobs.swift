/// Two job objects as the intake writes them.
enum CannedJobs {
    static let queued = job("queued", attempts: 0, times: "null", result: "null", usage: "null")

    static let completed = job(
        "completed", attempts: 1, times: "1795348800.021", result: result,
        usage: #"{"prompt_tokens":11,"completion_tokens":9,"cached_tokens":0,"total_tokens":20}"#)

    private static func job(_ status: String, attempts: Int, times: String, result: String, usage: String) -> String {
        """
        {"id":"job_0_01kaqz2m5w3v9x8c7b6n5m4k3j","object":"job","status":"\(status)","queue":"default","custom_id":null,\
        "metadata":null,"created_at":1795348800,"started_at":\(times),"finished_at":\(times),"deadline":null,\
        "attempts":\(attempts),"max_attempts":5,"next_attempt_at":null,"result":\(result),"error":null,"usage":\(usage)}
        """
    }

    /// Around an answer of about 1 KB.
    private static var result: String {
        """
        {"status_code":200,"body":\(Answer.text(bytes: 700)),"served_by":"endpoint","endpoint":"eastus-ptu",\
        "age_seconds":null}
        """
    }
}
