import Configuration

/// A type that one key of worker.json can have.
protocol SettingValue: SendableMetatype {
    /// The value of a key of the reader's section; nil when no source has it.
    static func read(_ name: String, _ rule: ValueRule, _ reader: inout KeyReader) -> Self?
    var rendered: PrettyJSON { get }
}

extension Int: SettingValue {
    static func read(_ name: String, _ rule: ValueRule, _ reader: inout KeyReader) -> Int? {
        reader.source.int(forKey: reader.key(name))
    }
    var rendered: PrettyJSON { .literal(String(self)) }
}

extension Double: SettingValue {
    static func read(_ name: String, _ rule: ValueRule, _ reader: inout KeyReader) -> Double? {
        reader.source.double(forKey: reader.key(name))
    }
    var rendered: PrettyJSON { .literal(String(self)) }
}

extension Bool: SettingValue {
    static func read(_ name: String, _ rule: ValueRule, _ reader: inout KeyReader) -> Bool? {
        reader.source.bool(forKey: reader.key(name))
    }
    var rendered: PrettyJSON { .literal(String(self)) }
}

extension String: SettingValue {
    static func read(_ name: String, _ rule: ValueRule, _ reader: inout KeyReader) -> String? {
        reader.text(name, rule)
    }
    var rendered: PrettyJSON { .text(self) }
}

extension Optional: SettingValue where Wrapped: SettingValue {
    static func read(_ name: String, _ rule: ValueRule, _ reader: inout KeyReader) -> Wrapped?? {
        Wrapped.read(name, rule, &reader).map(Optional.some)
    }
    var rendered: PrettyJSON { self?.rendered ?? .literal("null") }
}

/// A value that is written as a text.
protocol TextSettingValue: SettingValue {
    init?(settingText: String)
}

extension TextSettingValue {
    static func read(_ name: String, _ rule: ValueRule, _ reader: inout KeyReader) -> Self? {
        reader.text(name, rule).flatMap(Self.init(settingText:))
    }
}

extension Duration: TextSettingValue {
    init?(settingText: String) {
        guard let duration = DurationText.parse(settingText) else { return nil }
        self = duration
    }
    var rendered: PrettyJSON { .text(DurationText.render(self)) }
}

extension ListenAddress: TextSettingValue {
    init?(settingText: String) { self.init(settingText) }
    var rendered: PrettyJSON { .text(description) }
}

extension Secret: TextSettingValue {
    init?(settingText: String) { self.init(settingText) }
    var rendered: PrettyJSON { .text(Secret.placeholder) }
}

extension TextSettingValue where Self: RawRepresentable<String> {
    init?(settingText: String) { self.init(rawValue: settingText) }
    var rendered: PrettyJSON { .text(rawValue) }
}

extension EndpointSettings.Tier: TextSettingValue {}
extension EndpointSettings.Auth: TextSettingValue {}
extension QueueSettings.Spill: TextSettingValue {}
extension AuditSettings.Synchronous: TextSettingValue {}
extension SecretsSettings.Source: TextSettingValue {}
extension LogSettings.Level: TextSettingValue {}
extension LogSettings.Format: TextSettingValue {}
