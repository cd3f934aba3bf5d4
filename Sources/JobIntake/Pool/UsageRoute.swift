import Hummingbird
import JobFlow
import Logging

/// `GET /v1/usage`: tokens of the last hours by endpoint, model and queue.
struct UsageRoute: Sendable {
    let board: any PoolBoard
    let logger: Logger

    func respond(to request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let hours = try HoursParameter.read(request.query("hours"))
        let uses: [TokenUse]
        do throws(StoreError) { uses = try await board.usage(hours: hours) } catch {
            logger.fault("the usage could not be read", error, request.id)
            throw IntakeProblem(error)
        }
        return .json(UsageObject.bytes(uses, hours: hours))
    }
}

/// `?hours=`: the running clock hour and those before it, so many in all.
enum HoursParameter {
    static func read(_ text: String?) throws(IntakeProblem) -> Int {
        guard let text else { return 24 }
        guard let hours = PlainNumber.read(text).flatMap(Int.init(exactly:)), 1...48 ~= hours else {
            throw .field("hours", "hours has to be a whole number from 1 to 48.")
        }
        return hours
    }
}

/// The usage as clients read it.
enum UsageObject {
    static func bytes(_ uses: [TokenUse], hours: Int) -> [UInt8] {
        var total = TokenUse(endpoint: "", model: "", queue: "")
        for use in uses { total.add(use) }
        return JSONWriter.object(capacity: uses.count * 256 + 256) { json in
            json.member("object", "list")
            json.member("hours", hours)
            json.member("data", array: { data in for use in uses { data.element(object: { line(&$0, use) }) } })
            json.member("total", object: { counts(&$0, total) })
        }
    }

    private static func line(_ json: inout JSONWriter, _ use: TokenUse) {
        json.member("endpoint", use.endpoint)
        // A request need not name a model.
        json.member("model", use.model.isEmpty ? nil : use.model)
        json.member("queue", use.queue)
        counts(&json, use)
    }

    private static func counts(_ json: inout JSONWriter, _ use: TokenUse) {
        json.member("calls", use.calls)
        json.member("estimated_tokens", use.estimated)
        json.member("prompt_tokens", use.prompt)
        json.member("completion_tokens", use.completion)
        json.member("cached_tokens", use.cached)
        json.member("total_tokens", use.total)
    }
}
