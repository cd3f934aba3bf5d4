/// What was found wrong so far, and at which keys, so that no key is blamed twice for one mistake.
struct Faults: Sendable {
    private(set) var list: [SettingsFault] = []
    private var keys: Set<SettingsPath> = []

    mutating func add(_ key: SettingsPath, line: Int? = nil, _ message: String) {
        let path = key.isRoot ? "worker.json" : key.description
        list.append(SettingsFault(path: path, line: line, message: message))
        keys.insert(key)
    }

    /// A fault that is known by another name than the key's, such as an environment variable.
    mutating func add(as name: String, keys: [SettingsPath] = [], _ message: String) {
        list.append(SettingsFault(path: name, message: message))
        self.keys.formUnion(keys)
    }

    func contains(_ key: SettingsPath) -> Bool { keys.contains(key) }

    /// Whether something inside this section is wrong.
    func contains(within section: SettingsPath) -> Bool {
        keys.contains { $0.steps.starts(with: section.steps) }
    }
}
