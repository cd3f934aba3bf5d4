import Curl
import FileSubmission
import JobFlow

/// The intake's batches over its API. Every call is one exchange: whoever calls decides what to do about trouble.
struct IntakeOverHTTP: BatchIntake {
    let client: SluiceClient
    /// Names the batch.
    let key: String
    /// Of lines that name none.
    let queue: String?

    func send(_ body: [UInt8], firstLine: Int) async throws -> BatchReply {
        let path = "/v1/jobs/batch?first_line=\(firstLine)" + (queue.map { "&queue=" + PercentCoding.encode($0) } ?? "")
        let answer = try await exchange(
            "POST", path, body: body, headers: [("content-type", "application/x-ndjson"), ("idempotency-key", key)])
        guard answer["first_line"]?.int == firstLine, let batch = answer["id"]?.string else {
            throw IntakeTrouble.refused("\(client.url): this intake is of another version, and takes no file in parts")
        }
        let rejected = (answer["rejected"]?.array ?? []).compactMap { value -> LineRejection? in
            guard let json = value.object, let line = json["line"]?.int else { return nil }
            return LineRejection(
                line: line, code: json["code"]?.string ?? "", message: json["message"]?.string ?? "")
        }
        let known = (answer["known"]?.array ?? []).compactMap { value -> (Int, String)? in
            guard let json = value.object, let line = json["line"]?.int, let id = json["id"]?.string else { return nil }
            return (line, id)
        }
        return BatchReply(batch: batch, rejected: rejected, known: Dictionary(known) { $1 })
    }

    func results(of batch: String, after: String?) async throws -> ResultsPage {
        let path = "/v1/jobs/batch/\(batch)/results?limit=1000" + (after.map { "&after=" + $0 } ?? "")
        let page = try await exchange("GET", path)
        guard let data = page["data"]?.array, let next = page["next_after"]?.string else {
            throw IntakeTrouble.away("the answer is not one of Sluice")
        }
        let entries = data.compactMap { value -> ResultsPage.Entry? in
            guard let entry = value.object, let line = entry["line"]?.int, let id = entry["id"]?.string else {
                return nil
            }
            return ResultsPage.Entry(line: line, id: id, job: entry["job"]?.object)
        }
        return ResultsPage(entries: entries, hasMore: page["has_more"]?.bool ?? false, next: next)
    }

    func living(in batch: String) async throws -> Int {
        let counts = try await exchange("GET", "/v1/jobs/batch/\(batch)")["counts"]?.object
        return [JobState.queued, .scheduled, .inProgress].reduce(0) { $0 + (counts?[$1.rawValue]?.int ?? 0) }
    }

    func ended(_ job: String) async throws -> JSONObject? {
        let object = try await exchange("GET", "/v1/jobs/\(job)?wait=10")
        return object["status"]?.string.flatMap(JobState.init)?.isTerminal == true ? object : nil
    }

    private func exchange(
        _ method: String, _ path: String, body: [UInt8] = [], headers: [(name: String, value: String)] = []
    ) async throws -> JSONObject {
        let response: CurlResponse
        do throws(CurlError) { response = try await client.exchange(method, path, body: body, headers: headers) } catch
        {
            guard error.kind != .cancelled else { throw CancellationError() }
            throw IntakeTrouble(error, url: client.url)
        }
        guard 200..<300 ~= response.status, let json = try? JSONObject(parsing: response.body) else {
            throw IntakeTrouble(APIError(response), url: client.url)
        }
        return json
    }
}

extension IntakeTrouble {
    init(_ error: APIError, url: String) {
        let text = "\(url): \(error)"
        switch error.status {
        case 429: self = .busy(after: error.retryAfter, isTooMuch: error.code == "rate_limit_exceeded", text)
        case 503: self = .busy(after: error.retryAfter, isTooMuch: false, text)
        case 404: self = .unknown(text)
        case 400 where error.code == "incomplete_request": self = .away(text)
        case 400..<500 where error.status != 408: self = .refused(text)
        default: self = .away(text)
        }
    }

    init(_ error: CurlError, url: String) {
        switch error.kind {
        case .tls, .invalidRequest, .tooLarge: self = .refused("\(url): \(error)")
        default: self = .away("\(url): \(error.message)")
        }
    }
}
