import JobFlow

/// What is submitted, and how. The same file under other options is another submission.
package struct SubmissionHeader: Sendable, Equatable {
    /// The idempotency key: it makes a line that is sent again the same job.
    package var key: String
    package var input: InputIdentity
    package var form: LineForm
    /// Of lines that name none.
    package var queue: String?

    package init(key: String, input: InputIdentity, form: LineForm, queue: String?) {
        (self.key, self.input, self.form, self.queue) = (key, input, form, queue)
    }

    /// Why a submission that this one began cannot be gone on with, in one sentence; nil if it can.
    package func objection(to other: SubmissionHeader, file: String, state: String) -> String? {
        if other.input != input {
            return "\(file) has changed since its submission began, which \(state) knows: "
                + "give the changed file another --output and --state, or remove \(state) to submit all of it again"
        }
        if other.form != form || other.queue != queue {
            return "\(state) belongs to a submission of \(file) with other options "
                + "(--text, --model or --queue): give the same ones, or another --output and --state"
        }
        return nil
    }

    func write(_ json: inout JSONWriter) {
        json.member("sluice.submit", 1)
        json.member("key", key)
        json.member("sha256", input.digest)
        json.member("bytes", input.bytes)
        if case .text(let model) = form {
            json.member("text", true)
            json.member("model", model)
        }
        json.member("queue", queue)
    }

    init?(_ json: JSONObject) {
        guard json["sluice.submit"]?.int == 1, let key = json["key"]?.string, let digest = json["sha256"]?.string,
            let bytes = json["bytes"]?.int
        else { return nil }
        let form = json["text"]?.bool == true ? LineForm.text(model: json["model"]?.string) : .batch
        self.init(
            key: key, input: InputIdentity(digest: digest, bytes: bytes), form: form, queue: json["queue"]?.string)
    }
}
