// How the values are written down: the same JSON in Redis, in SQLite and, where a shape is part of the API, on the wire.
// Unknown members are ignored on reading, so that an older program can read what a newer one wrote.

extension JobSpec {
    /// Everything but the body and what knows a repeated request again, as one JSON object.
    package var encodedMeta: [UInt8] {
        JSONWriter.object { json in
            // The first, where scripts look for it.
            if let reuse { json.member("reuse", reuse.encoded) }
            json.member("queue", queue)
            if path != .chatCompletions { json.member("path", path.rawValue) }
            if let model { json.member("model", model) }
            json.member("created", createdAt.milliseconds)
            if isStreamed { json.member("stream", true) }
            if let deadline { json.member("deadline", deadline.milliseconds) }
            json.member("max_attempts", maxAttempts)
            if let customID { json.member("custom_id", customID) }
            if let metadata { json.member("metadata", raw: metadata) }
            json.member("correlation_id", correlationID)
            trace?.encode(to: &json)
            if !caller.isEmpty { json.member("caller", caller) }
            if let callerLimit { json.member("caller_limit", callerLimit) }
            if let echo { json.member("echo", raw: echo) }
            if let webhook { json.member("webhook", webhook.description) }
        }
    }

    /// Reads back what `encodedMeta` wrote.
    package init?(id: JobID, meta: [UInt8], body: [UInt8]) { self.init(id: id, meta: meta[...], body: body) }

    package init?(id: JobID, meta: ArraySlice<UInt8>, body: [UInt8]) {
        guard let json = try? JSONObject(parsing: meta), let queue = json["queue"]?.string,
            let path = UpstreamPath(rawValue: json["path"]?.string ?? UpstreamPath.chatCompletions.rawValue),
            let created = json["created"]?.int64,
            let maxAttempts = json["max_attempts"]?.int
        else { return nil }
        self.init(
            id: id, queue: queue, path: path, model: json["model"]?.string, body: body,
            createdAt: Timestamp(milliseconds: created),
            deadline: json["deadline"]?.int64.map(Timestamp.init(milliseconds:)), maxAttempts: maxAttempts,
            customID: json["custom_id"]?.string, metadata: json["metadata"].map { Array($0.raw) },
            correlationID: json["correlation_id"]?.string ?? "",
            trace: TraceContext(json), caller: json["caller"]?.string ?? "", callerLimit: json["caller_limit"]?.int,
            reuse: json["reuse"]?.string.flatMap(AnswerReuse.init), echo: json["echo"].map { Array($0.raw) },
            isStreamed: json["stream"]?.bool ?? false, webhook: json["webhook"]?.string.flatMap(WebhookURL.init))
    }
}

extension TraceContext {
    /// As members of what it belongs to, named as the headers are.
    package func encode(to json: inout JSONWriter) {
        json.member("traceparent", traceparent)
        if let state { json.member("tracestate", state) }
    }

    /// Reads back what `encode` wrote; nil where there is none.
    package init?(_ json: JSONObject) {
        guard let text = json["traceparent"]?.string else { return nil }
        self.init(traceparent: text, state: json["tracestate"]?.string)
    }
}

extension Attempt {
    /// The shape of one element of `GET /v1/jobs/{id}/attempts`.
    package var encoded: [UInt8] { JSONWriter.object(capacity: 512, encode) }

    func encode(to json: inout JSONWriter) {
        json.member("number", number)
        json.member("endpoint", endpoint)
        json.member("region", region)
        json.member("tier", tier)
        json.member("worker", worker)
        json.member("started_at", startedAt)
        json.member("ended_at", endedAt)
        json.member("outcome", outcome.rawValue)
        json.member("status_code", statusCode)
        json.member("reason", reason)
        json.member("delay_ms", delayMilliseconds)
        json.member("billed", billed.rawValue)
        if let usage { json.member("usage", object: usage.encode) } else { json.member("usage", raw: "null".utf8) }
        json.member("upstream_request_id", upstreamRequestID)
    }

    /// Reads back what `encoded`, or a script, wrote. Null endpoint and region (a worker that died) become empty.
    package init?(_ json: JSONObject) {
        guard let number = json["number"]?.int, let outcome = json["outcome"]?.string.flatMap(Outcome.init),
            let started = json["started_at"]?.double, let ended = json["ended_at"]?.double
        else { return nil }
        self.init(
            number: number, endpoint: json["endpoint"]?.string ?? "", region: json["region"]?.string ?? "",
            tier: json["tier"]?.string ?? "", worker: json["worker"]?.string ?? "",
            startedAt: Timestamp(seconds: started), endedAt: Timestamp(seconds: ended), outcome: outcome,
            statusCode: json["status_code"]?.int, reason: json["reason"]?.string,
            delayMilliseconds: json["delay_ms"]?.int64,
            billed: json["billed"]?.string.flatMap(Billed.init) ?? .maybe,
            usage: json["usage"]?.object.flatMap(TokenUsage.init),
            upstreamRequestID: json["upstream_request_id"]?.string)
    }
}

extension [Attempt] {
    /// The shape of `JobRecord.ledger`: JSON objects separated by commas.
    package var encodedLedger: [UInt8] {
        var json = JSONWriter(capacity: 512 * count)
        for attempt in self { json.element(object: attempt.encode) }
        return json.bytes
    }
}

extension TokenUsage {
    package var encoded: [UInt8] { JSONWriter.object(encode) }

    package func encode(to json: inout JSONWriter) {
        json.member("prompt_tokens", promptTokens)
        json.member("completion_tokens", completionTokens)
        json.member("cached_tokens", cachedTokens)
        json.member("total_tokens", totalTokens)
    }

    /// Reads what `encoded` wrote.
    package init?(_ json: JSONObject) {
        guard let prompt = json["prompt_tokens"]?.int, let completion = json["completion_tokens"]?.int else {
            return nil
        }
        self.init(
            promptTokens: prompt, completionTokens: completion, cachedTokens: json["cached_tokens"]?.int ?? 0,
            totalTokens: json["total_tokens"]?.int)
    }
}

extension JobError {
    package var encoded: [UInt8] { JSONWriter.object(encode) }

    package func encode(to json: inout JSONWriter) {
        json.member("code", code)
        json.member("message", message)
        json.member("type", type)
    }

    package init?(_ json: JSONObject) {
        guard let code = json["code"]?.string, let message = json["message"]?.string else { return nil }
        self.init(code: code, message: message, type: json["type"]?.string ?? "server_error")
    }
}
