import HTTPTypes
import JobFlow

extension TraceContext {
    /// What a client's request says of the trace that it belongs to. Two headers `traceparent` are none.
    init?(_ headers: HTTPFields) {
        guard headers.contains(.traceContext) else { return nil }
        let values = headers[values: .traceContext]
        guard values.count == 1, let value = values.first else { return nil }
        // Several are one list, says W3C; nil for none.
        self.init(traceparent: value, state: headers[.traceState])
    }
}
