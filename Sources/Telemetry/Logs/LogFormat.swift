/// How log lines look.
package enum LogFormat: String, CaseIterable, Sendable {
    /// One JSON object a line, for machines.
    case json
    /// One readable line, for people.
    case console
}
