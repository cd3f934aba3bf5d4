package import JobFlow

/// Spans as OTLP/HTTP sends them in JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): ids in hexadecimal,
/// 64-bit numbers as text, enums as numbers.
package struct OTLPTraces: Sendable {
    /// What stands before the spans of every request: who speaks.
    private let head: [UInt8]
    private static let tail = Array("]}]}]}".utf8)

    /// - Parameters:
    ///   - role: what this process does.
    ///   - instance: names it among all of the service.
    package init(service: String, version: String, role: String, instance: String) {
        var attributes = JSONWriter()
        for (name, text) in [
            ("service.name", service), ("service.version", version), ("service.instance.id", instance),
            ("sluice.role", role),
        ] {
            attributes.element(object: { $0.attribute(name, .text(text)) })
        }
        let scope = JSONWriter.object { json in
            json.member("name", service)
            json.member("version", version)
        }
        head =
            Array(#"{"resourceSpans":[{"resource":{"attributes":["#.utf8) + attributes.bytes
            + Array(#"]},"scopeSpans":[{"scope":"#.utf8) + scope + Array(#","spans":["#.utf8)
    }

    /// The body of one request.
    package func body(_ spans: [TraceSpan]) -> [UInt8] {
        var json = JSONWriter(capacity: 1024 * spans.count)
        for span in spans { json.element(object: { $0.members(span) }) }
        return head + json.bytes + Self.tail
    }
}

extension JSONWriter {
    fileprivate mutating func members(_ span: TraceSpan) {
        member("traceId", span.trace.hex)
        member("spanId", span.id.hex)
        if let parent = span.parent { member("parentSpanId", parent.hex) }
        if let state = span.state { member("traceState", state) }
        member("name", span.name)
        member("kind", span.kind.rawValue)
        member("startTimeUnixNano", Self.nanoseconds(span.start))
        member("endTimeUnixNano", Self.nanoseconds(span.end))
        member(
            "attributes",
            array: { json in
                for attribute in span.attributes {
                    json.element(object: { $0.attribute(attribute.name, attribute.value) })
                }
            })
        // 2 is an error. One that has not failed leaves it out, which means "unset".
        if span.hasFailed { member("status", object: { $0.member("code", 2) }) }
    }

    fileprivate mutating func attribute(_ name: String, _ value: TraceSpan.Value) {
        member("key", name)
        member(
            "value",
            object: { json in
                switch value {
                case .text(let text): json.member("stringValue", text)
                case .number(let number): json.member("intValue", String(number))
                }
            })
    }

    /// Since 1970, of a time from then to the year 2262.
    private static func nanoseconds(_ time: Timestamp) -> String {
        String(max(0, min(time.milliseconds, .max / 1_000_000)) * 1_000_000)
    }
}
