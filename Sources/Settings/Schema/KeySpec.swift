/// One key, said once: its name, what it may hold, and the property that it fills. Checking, reading and printing all
/// follow from this.
struct KeySpec<Section>: Sendable {
    let name: String
    let rule: ValueRule
    let read: @Sendable (inout Section, inout KeyReader) -> Void
    let render: @Sendable (Section) -> PrettyJSON

    init<Value: SettingValue>(
        _ name: String, _ rule: ValueRule, _ property: any WritableKeyPath<Section, Value> & Sendable,
        isRequired: Bool = false
    ) {
        self.name = name
        self.rule = rule
        self.read = { section, reader in
            if let value = Value.read(name, rule, &reader) {
                section[keyPath: property] = value
            } else if isRequired {
                reader.reportMissing(name, rule)
            }
        }
        self.render = { section in
            let value = section[keyPath: property].rendered
            return rule.isSecret ? value.withoutUserInfo : value
        }
    }
}
