/// A text that no log line, error or dump may show. It leaves through `exposed` only.
package struct Secret: Sendable, Equatable {
    /// The text itself, for the one place that sends it.
    package let exposed: String

    package init(_ text: String) { exposed = text }

    static let placeholder = "redacted"
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { Self.placeholder }
    package var debugDescription: String { Self.placeholder }
    // `dump` and string interpolation of an enclosing struct walk the mirror, not the description.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
