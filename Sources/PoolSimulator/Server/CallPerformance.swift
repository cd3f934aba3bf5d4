import HTTPTypes
import Hummingbird
import NIOCore

/// Carries out what was decided about one call.
struct CallPerformance: Sendable {
    let pool: SimulatedPool
    let call: OpenCall
    let headers: HTTPFields
    let channel: any Channel

    func response() async -> Response {
        switch call.ticket.fate.decision {
        case .reset: await reset()
        case .hang: await hang()
        case .refuse(let refusal): refused(AzureError(refusal, promptTokens: call.ticket.fate.usage.prompt))
        case .throttle(let retryAfterMs, let reason): throttled(retryAfterMs, reason)
        case .fail(let status, let delay): await failed(status, after: delay)
        case .answer(let delay, let fault): await answered(after: delay, fault)
        }
    }

    // A call ends before its answer is written, so that a client that has the answer finds it in the statistics.

    private func reset() async -> Response {
        call.end(.reset)
        await ConnectionReset.reset(channel)
        return .unsendable
    }

    private func hang() async -> Response {
        let end = await ClientPresence.pause(channel, microseconds: nil)
        call.end(end == .clientGone ? .clientAbort : .dropped)
        await ConnectionReset.close(channel)
        return .unsendable
    }

    private func refused(_ error: AzureError) -> Response {
        call.end(.refused(status: error.status.code))
        return Response(error, headers: headers)
    }

    private func throttled(_ retryAfterMs: Int, _ reason: ThrottleReason) -> Response {
        call.end(.refused(status: 429))
        var headers = headers
        headers[.retryAfterMs] = "\(retryAfterMs)"
        headers[.retryAfter] = "\((retryAfterMs + 999) / 1000)"
        return Response(
            AzureError(throttled: call.arrival.operation, retryAfterMs: retryAfterMs, reason: reason),
            headers: headers)
    }

    private func failed(_ status: Int, after delay: Int64) async -> Response {
        guard await isStillWanted(after: delay) else { return .unsendable }
        return refused(AzureError(status: status))
    }

    private func answered(after delay: Int64, _ fault: AnswerFault?) async -> Response {
        if call.arrival.facts.isStreamed, fault == nil || fault == .truncated { return streamed(over: delay, fault) }
        guard await isStillWanted(after: delay) else { return .unsendable }
        call.end(fault.map { .spoiled($0) } ?? .answered)
        var headers = headers
        headers[.contentType] = fault == .errorInStream ? "text/event-stream; charset=utf-8" : "application/json"
        return Response(status: .ok, headers: headers, body: body(fault))
    }

    private func body(_ fault: AnswerFault?) -> ResponseBody {
        switch fault {
        case nil: return ResponseBody(byteBuffer: facts.body)
        case .garbage: return ResponseBody(byteBuffer: ByteBuffer(string: "<html><body>Bad gateway</body></html>"))
        case .errorInStream:
            return ResponseBody(byteBuffer: AzureError(status: 500).event(for: call.arrival.operation))
        case .truncated:
            let whole = facts.body
            return ResponseBody(contentLength: whole.readableBytes) { writer in
                try await writer.write(whole.getSlice(at: whole.readerIndex, length: whole.readableBytes / 2) ?? whole)
                throw AnswerCutOff()
            }
        }
    }

    /// Spreads the delay evenly over the pieces.
    private func streamed(over delay: Int64, _ fault: AnswerFault?) -> Response {
        let answer = StreamedAnswer(facts)
        let pause = delay / Int64(answer.pieces.count + 1)
        let pieces = fault == .truncated ? answer.pieces.prefix(answer.pieces.count / 2) : answer.pieces[...]
        var headers = headers
        headers[.contentType] = "text/event-stream; charset=utf-8"
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                for piece in CollectionOfOne(answer.opening) + pieces {
                    guard await isStillWanted(after: pause) else { throw AnswerCutOff() }
                    try await writer.write(piece)
                }
                call.end(fault.map { .spoiled($0) } ?? .answered)
                if fault == .truncated { throw AnswerCutOff() }
                try await writer.write(answer.closing)
                try await writer.finish(nil)
            })
    }

    private func isStillWanted(after delay: Int64) async -> Bool {
        guard delay > 0 else { return true }
        guard await ClientPresence.pause(channel, microseconds: delay) == .clientGone else { return true }
        call.end(.clientAbort)
        return false
    }

    private var facts: AnswerFacts {
        let ticket = call.ticket
        return AnswerFacts(
            operation: call.arrival.operation, request: call.arrival.request,
            model: call.arrival.facts.deployment ?? "",
            id: CallIdentifiers(seed: pool.seed, call: ticket.number).object,
            created: Int(pool.clock.unixTime(ticket.at)), seed: pool.seed, usage: ticket.fate.usage,
            bytes: ticket.fate.answerBytes, isFlex: ticket.fate.rule.tier == .flex)
    }
}

/// Thrown into the server to make it close a connection in the middle of an answer.
private struct AnswerCutOff: Error {}
