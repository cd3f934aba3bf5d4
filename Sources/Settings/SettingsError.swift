/// Everything that is wrong with a configuration, all at once.
package struct SettingsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Never empty.
    package var faults: [SettingsFault]

    package init(faults: [SettingsFault]) { self.faults = faults }

    /// One line a fault.
    package var description: String { faults.map(\.description).joined(separator: "\n") }
}
