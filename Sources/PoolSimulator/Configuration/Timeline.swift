/// Changes of behaviour at fixed times: the script of a scenario.
///
/// A value that knows no clock: it says which changes are due between two times, and whoever has the clock makes them.
package struct Timeline: Sendable, Equatable {
    package struct Change: Sendable, Equatable {
        /// Microseconds from the start.
        package let at: Int64
        package let endpoint: String
        /// By the JSON names of the behaviour.
        package let fields: [String: AdminValue]

        package init(at: Int64, endpoint: String, fields: [String: AdminValue]) {
            self.at = at
            self.endpoint = endpoint
            self.fields = fields
        }
    }

    package static let empty = Timeline([])

    /// By time; those of the same time in the order they were given.
    package let changes: [Change]

    package init(_ changes: [Change]) {
        self.changes = changes.enumerated()
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element)
    }

    /// The changes later than the first time and not later than the second. A change at 0 is later than −1.
    package func changes(after start: Int64, through end: Int64) -> ArraySlice<Change> {
        changes.drop { $0.at <= start }.prefix { $0.at <= end }
    }

    /// The time of the first change after this one.
    package func next(after time: Int64) -> Int64? { changes.first { $0.at > time }?.at }
}
