import Curl
import Foundation
import JobFlow
import Testing

/// One client: sends a prompt until it is accepted, and asks for its answer until it has it.
struct ChaosClient: Sendable {
    let rig: ChaosRig
    let record: ClientRecord
    /// Whether Redis cannot be reached at this moment, as far as the driver knows.
    let redisIsAway: @Sendable () -> Bool
    let deadline: Deadline

    func run(_ submission: Submission) async {
        guard let id = await submit(submission) else { return }
        if submission.isRepeated { _ = await submit(submission) }
        if let pause = submission.cancelledAfter {
            try? await Task.sleep(for: .milliseconds(pause))
            await cancel(id)
        }
        await follow(id)
    }

    /// The id that was promised; nil when none was, or the reply got lost.
    private func submit(_ submission: Submission) async -> String? {
        while !deadline.hasPassed {
            let awayBefore = redisIsAway()
            do {
                let response = try await rig.post("/v1/jobs", submission.body, headers: submission.headers)
                switch response.status {
                case 202, 200:
                    return note(response, submission, isAway: awayBefore && redisIsAway())
                case 429, 503: break
                default: record.odd("\(submission.name): \(response.status) \(Self.text(response))")
                }
            } catch {
                if error.requestWasSent {
                    record.lostReply(of: submission)
                    if submission.key == nil { return nil }
                }
            }
            await pause()
        }
        return nil
    }

    private func note(_ response: CurlResponse, _ submission: Submission, isAway: Bool) -> String? {
        guard let id = (try? JSONObject(parsing: response.body))?["id"]?.string else {
            record.odd("\(submission.name): no id in \(Self.text(response))")
            return nil
        }
        record.accepted(id, submission, at: .now, redisIsAway: isAway)
        return id
    }

    private func cancel(_ id: String) async {
        while !deadline.hasPassed {
            switch (try? await rig.post("/v1/jobs/\(id)/cancel"))?.status {
            case 200: return record.cancelled()
            case 409, 404, 405: return
            default: await pause()
            }
        }
    }

    private func follow(_ id: String) async {
        while !deadline.hasPassed {
            if await read(id, wait: 5) { return }
        }
    }

    /// Whether the job has ended.
    @discardableResult
    func read(_ id: String, wait: Int = 0) async -> Bool {
        let response = try? await rig.get("/v1/jobs/\(id)" + (wait > 0 ? "?wait=\(wait)" : ""))
        switch response?.status {
        case 200:
            guard let response, let job = try? JSONObject(parsing: response.body),
                let state = job["status"]?.string.flatMap(JobState.init)
            else {
                record.odd("\(id): cannot be understood: \(response.map(Self.text) ?? "")")
                return false
            }
            guard state.isTerminal else { return false }
            record.read(id, ClientRecord.Ending(state: state, digest: Self.digest(job)), at: .now)
            return true
        case 404: record.denied(id)
        case nil, 503: break
        case let status?: record.odd("\(id): \(status) \(response.map(Self.text) ?? "")")
        }
        await pause()
        return false
    }

    /// Between two tries, as a polite client would.
    private func pause() async { try? await Task.sleep(for: .milliseconds(100)) }

    private static func digest(_ job: JSONObject) -> Int {
        var hasher = Hasher()
        hasher.combine(job["result"]?.object?["status_code"]?.int)
        hasher.combine(job["result"]?.object?["body"].map { Array($0.raw) })
        hasher.combine(job["error"]?.object?["code"]?.string)
        return hasher.finalize()
    }

    private static func text(_ response: CurlResponse) -> String {
        String(decoding: response.body.prefix(300), as: UTF8.self)
    }
}
