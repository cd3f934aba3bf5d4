/// The settings in effect, for people to read: every key, secrets redacted.
package struct SettingsSummary: Sendable, CustomStringConvertible {
    /// Indented JSON in the form of worker.json, without a line end behind it.
    package let json: String

    package init(_ settings: Settings) {
        let members = Settings.sections.map { (key: $0.name, value: $0.render(settings)) }
        json = PrettyJSON.object(members).lines()
    }

    package var description: String { json }
}
