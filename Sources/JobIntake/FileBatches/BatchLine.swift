import JobFlow

/// A line of an output or error file.
struct BatchLine: Sendable {
    var number: Int
    var text: [UInt8]
    var isError: Bool
    var isExpired = false

    private static let head = Array("{\"id\":\"batch_req_".utf8)

    /// Of a line that `text` wrote.
    static func number(of line: ArraySlice<UInt8>) -> Int? {
        guard line.starts(with: head), line.last == UInt8(ascii: "}") else { return nil }
        return JobID(utf8: Array("job_0_".utf8) + line.dropFirst(head.count).prefix(26))?.line
    }

    /// Of an ended job.
    ///
    /// - Parameter isOver: the completion window has closed: who was cancelled since then was cancelled by that.
    init?(_ record: JobRecord, isOver: Bool) {
        let id = record.spec.id
        switch record.state {
        case .queued, .scheduled, .inProgress: return nil
        case .completed, .failed:
            if let result = record.result {
                self.init(id, record.spec.customID, result: result, requestID: record.spec.correlationID)
                isError = record.state == .failed
            } else {
                let error = record.error
                self.init(
                    id, record.spec.customID, code: error?.code ?? "failed", error?.message ?? "The request failed.")
            }
        case .expired: self.init(expired: id, record.spec.customID)
        case .cancelled:
            if isOver {
                self.init(expired: id, record.spec.customID)
            } else {
                self.init(cancelled: id, record.spec.customID)
            }
        }
    }

    init(expired id: JobID, _ customID: String?) {
        self.init(
            id, customID, code: "batch_expired",
            "This request could not be executed before the completion window expired.")
        isExpired = true
    }

    init(cancelled id: JobID, _ customID: String?) {
        self.init(id, customID, code: "batch_cancelled", "This request was not executed: the batch was cancelled.")
    }

    /// Of a job that ended longer ago than its record is kept.
    init(forgotten id: JobID, _ customID: String?) {
        self.init(
            id, customID, code: "result_unavailable", "The request was executed; its result was kept no longer.")
    }

    init(_ id: JobID, _ customID: String?, code: String, _ message: String) {
        number = id.line
        isError = true
        text = JSONWriter.object { json in
            json.member("id", "batch_req_" + id.ulid)
            json.member("custom_id", customID)
            json.member("response", rawOrNull: nil)
            json.member(
                "error",
                object: { error in
                    error.member("code", code)
                    error.member("message", message)
                })
        }
    }

    private init(_ id: JobID, _ customID: String?, result: JobResult, requestID: String) {
        number = id.line
        isError = false
        text = JSONWriter.object(capacity: result.body.count + 256) { json in
            json.member("id", "batch_req_" + id.ulid)
            json.member("custom_id", customID)
            json.member(
                "response",
                object: { response in
                    response.member("status_code", result.statusCode)
                    response.member("request_id", requestID)
                    response.member("body", raw: Self.oneLine(result.body))
                })
            json.member("error", rawOrNull: nil)
        }
    }

    /// In JSON, line ends stand between values only.
    private static func oneLine(_ body: [UInt8]) -> [UInt8] {
        body.contains { $0 == 0x0a || $0 == 0x0d } ? body.map { $0 == 0x0a || $0 == 0x0d ? 0x20 : $0 } : body
    }
}
