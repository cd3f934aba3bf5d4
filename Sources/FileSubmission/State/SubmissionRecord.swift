import JobFlow

/// A line of the state file. Later ones add to what earlier ones say, so that it is only ever appended to.
package enum SubmissionRecord: Sendable, Equatable {
    /// The first one: what is submitted, and the idempotency key under which it is.
    case header(SubmissionHeader)
    /// The intake has every line up to this one.
    case sent(SentMark)
    case rejected(LineRejection)
    /// The line is a job that its own idempotency key had made before.
    case known(line: Int, id: String)
    /// What ended before this place in the list of results is in the output.
    case collected(String)

    package var text: [UInt8] {
        JSONWriter.object { json in
            switch self {
            case .header(let header): header.write(&json)
            case .sent(let mark):
                json.member("sent", mark.line)
                json.member("bytes", mark.bytes)
                json.member("jobs", mark.jobs)
            case .rejected(let rejection):
                json.member("rejected", rejection.line)
                json.member("code", rejection.code)
                json.member("message", rejection.message)
            case .known(let line, let id):
                json.member("known", line)
                json.member("id", id)
            case .collected(let cursor): json.member("collected", cursor)
            }
        }
    }

    /// Nil for anything that `text` did not write.
    package init?(_ text: ArraySlice<UInt8>) {
        guard let json = try? JSONObject(parsing: text) else { return nil }
        if let header = SubmissionHeader(json) {
            self = .header(header)
        } else if let line = json["sent"]?.int, let bytes = json["bytes"]?.int, let jobs = json["jobs"]?.int {
            self = .sent(SentMark(line: line, bytes: bytes, jobs: jobs))
        } else if let line = json["rejected"]?.int, let code = json["code"]?.string,
            let message = json["message"]?.string
        {
            self = .rejected(LineRejection(line: line, code: code, message: message))
        } else if let line = json["known"]?.int, let id = json["id"]?.string {
            self = .known(line: line, id: id)
        } else if let cursor = json["collected"]?.string {
            self = .collected(cursor)
        } else {
            return nil
        }
    }
}

/// How far the file has been sent.
package struct SentMark: Sendable, Equatable {
    /// The last line.
    package var line = 0
    /// Where the file goes on behind it.
    package var bytes = 0
    /// Lines up to there that are no blank ones.
    package var jobs = 0

    package init(line: Int = 0, bytes: Int = 0, jobs: Int = 0) {
        (self.line, self.bytes, self.jobs) = (line, bytes, jobs)
    }
}

/// A line that is no job, and why.
package struct LineRejection: Sendable, Equatable {
    package var line: Int
    package var code: String
    package var message: String

    package init(line: Int, code: String, message: String) {
        (self.line, self.code, self.message) = (line, code, message)
    }

    static func tooLong(_ line: Int) -> LineRejection {
        LineRejection(
            line: line, code: "line_too_long", message: "The line is longer than \(ChunkCutter.longestLine) bytes.")
    }
}
