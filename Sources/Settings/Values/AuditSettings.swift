/// The local SQLite log.
package struct AuditSettings: Sendable, Equatable {
    /// SQLite's `synchronous`: only `full` keeps the last rows through a power cut.
    package enum Synchronous: String, Sendable, CaseIterable { case full, normal, off }

    package var path = "var/audit.sqlite"
    package var synchronous = Synchronous.full
    package var retention: Duration = .days(90)

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("path", .text, \.path),
        KeySpec("synchronous", .choice(of: Synchronous.self), \.synchronous),
        KeySpec("retention", .duration(.seconds(1) ... .days(36_500)), \.retention),
    ]
}
