/// What is logged, and in which form.
package struct LogSettings: Sendable, Equatable {
    /// The levels of swift-log, by the same names.
    package enum Level: String, Sendable, CaseIterable { case trace, debug, info, notice, warning, error, critical }
    package enum Format: String, Sendable, CaseIterable { case json, console }

    package var level = Level.info
    package var format = Format.json

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("level", .choice(of: Level.self), \.level),
        KeySpec("format", .choice(of: Format.self), \.format),
    ]
}
