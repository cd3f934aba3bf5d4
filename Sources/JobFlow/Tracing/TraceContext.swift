/// Where in a trace somebody is who calls somebody else: W3C Trace Context (https://www.w3.org/TR/trace-context-2/).
package struct TraceContext: Hashable, Sendable {
    package static let header = "traceparent"
    package static let stateHeader = "tracestate"
    /// Longer ones are not passed on: W3C asks for this much.
    private static let longestState = 512
    /// Sampled and random; the others mean nothing yet, and are not to be passed on.
    private static let knownFlags: UInt8 = 3

    package var trace: TraceID
    /// The span that the caller is in.
    package var parent: SpanID
    package var flags: UInt8
    /// What other systems keep in the trace, as it came.
    package var state: String?

    package init(trace: TraceID, parent: SpanID, isSampled: Bool, state: String? = nil) {
        self.trace = trace
        self.parent = parent
        flags = isSampled ? 1 : 0
        self.state = state
    }

    /// Reads the two headers. Nil where the first is not valid: then whoever reads it begins a trace of its own. A `state` that
    /// is not valid is left out.
    package init?(traceparent: String, state: String? = nil) {
        let text = Array(traceparent.utf8)
        guard text.count >= 55, [2, 35, 52].allSatisfy({ text[$0] == UInt8(ascii: "-") }),
            let version = Hex.number(text[0..<2]), Self.fits(version, text),
            let high = Hex.number(text[3..<19]), let low = Hex.number(text[19..<35]),
            let parent = Hex.number(text[36..<52]).flatMap(SpanID.init), let flags = Hex.number(text[53..<55]),
            let trace = TraceID(high: high, low: low)
        else { return nil }
        self.trace = trace
        self.parent = parent
        self.flags = UInt8(flags) & Self.knownFlags
        self.state = state.flatMap { Self.isFit($0) ? $0 : nil }
    }

    package var isSampled: Bool { flags & 1 == 1 }

    /// The header, 55 characters.
    package var traceparent: String { "00-\(trace.hex)-\(parent.hex)-0\(flags)" }

    /// Later versions may have more behind what is known; ours may not.
    private static func fits(_ version: UInt64, _ text: [UInt8]) -> Bool {
        guard version != 0xff else { return false }
        return text.count == 55 || version > 0 && text[55] == UInt8(ascii: "-")
    }

    /// It becomes a header again.
    private static func isFit(_ state: String) -> Bool {
        (1...longestState).contains(state.utf8.count) && state.utf8.allSatisfy { 0x20...0x7e ~= $0 || $0 == 0x09 }
    }
}
