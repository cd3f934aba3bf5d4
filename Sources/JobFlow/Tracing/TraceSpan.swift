/// One finished span, as a collector is told of it. Holds no part of a prompt, an answer or a key.
package struct TraceSpan: Sendable, Equatable {
    /// The numbers are OTLP's.
    package enum Kind: Int, Sendable { case inside = 1, server = 2, client = 3, consumer = 5 }

    package enum Value: Sendable, Equatable {
        case text(String)
        case number(Int64)
    }

    package struct Attribute: Sendable, Equatable {
        package var name: String
        package var value: Value
    }

    /// One of few: collectors group by it.
    package var name: String
    package var kind: Kind
    package var trace: TraceID
    package var id: SpanID
    package var parent: SpanID?
    package var state: String?
    package var start: Timestamp
    package var end: Timestamp
    package var hasFailed = false
    package private(set) var attributes: [Attribute] = []

    package init(
        _ name: String, _ kind: Kind, in trace: TraceID, _ id: SpanID, parent: SpanID?, state: String? = nil,
        from start: Timestamp, to end: Timestamp
    ) {
        self.name = name
        self.kind = kind
        self.trace = trace
        self.id = id
        self.parent = parent
        self.state = state
        self.start = start
        // Clocks of two machines may disagree; no span ends before it begins.
        self.end = max(start, end)
        attributes.reserveCapacity(kind == .client ? 24 : 8)
    }

    /// What is nil, or empty, is left out.
    package mutating func add(_ name: String, _ text: String?) {
        guard let text, !text.isEmpty else { return }
        attributes.append(Attribute(name: name, value: .text(text)))
    }

    package mutating func add(_ name: String, _ number: Int64?) {
        guard let number else { return }
        attributes.append(Attribute(name: name, value: .number(number)))
    }

    package mutating func add(_ name: String, _ number: Int?) { add(name, number.map(Int64.init)) }

    package subscript(name: String) -> Value? { attributes.first { $0.name == name }?.value }
}

/// Takes finished spans. Never waits.
package protocol SpanSink: Sendable {
    func take(_ spans: [TraceSpan])
}
