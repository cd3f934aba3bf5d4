import Curl
import JobFlow
import PoolSimulator

/// What a client reads of a simulated call, in the shortest form that says the same.
enum SimulatedAnswer {
    static func response(_ outcome: CallOutcome, of call: RoutedCall) throws(CurlError) -> CurlResponse {
        switch outcome {
        case .answered: return CurlResponse(status: 200, headers: headers(call), body: usage(call.fate.usage))
        case .spoiled(.garbage): return CurlResponse(status: 200, body: Array("<html>".utf8))
        case .spoiled(.errorInStream): return CurlResponse(status: 200, body: Array(#"{"error":{"code":"500"}}"#.utf8))
        case .refused(let status):
            return CurlResponse(status: status, headers: headers(call), body: error(status, call.fate.decision))
        // Cut off under way; and a region that is gone cuts a call off as soon as it is sent.
        case .spoiled(.truncated), .reset, .dropped:
            throw CurlError(kind: .connectionReset, message: "reset", requestWasSent: true)
        case .clientAbort: throw CurlError(kind: .timedOut, message: "timed out", requestWasSent: true)
        }
    }

    private static func headers(_ call: RoutedCall) -> CurlHeaders {
        var fields: [(name: String, value: String)] = []
        if case .throttle(let wait, _) = call.fate.decision { fields.append(("retry-after-ms", "\(wait)")) }
        if call.spillover == .served { fields.append(("x-ms-spillover-from-deployment", "\(call.asked)")) }
        return CurlHeaders(fields)
    }

    private static func usage(_ usage: AnswerUsage) -> [UInt8] {
        Array(
            """
            {"usage":{"prompt_tokens":\(usage.prompt),"completion_tokens":\(usage.completion),\
            "prompt_tokens_details":{"cached_tokens":\(usage.cached)}}}
            """.utf8)
    }

    private static func error(_ status: Int, _ decision: Decision) -> [UInt8] {
        let code =
            switch decision {
            case .refuse(.promptTooLong), .refuse(.contextLength): "context_length_exceeded"
            case .refuse(.contentFilter): "content_filter"
            default: "\(status)"
            }
        return Array(#"{"error":{"code":"\#(code)"}}"#.utf8)
    }
}
