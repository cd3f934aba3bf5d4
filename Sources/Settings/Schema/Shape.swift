/// Which queues and endpoints there are: the entries of the open parts of the schema, over all sources.
struct Shape: Sendable {
    private var entries: [SettingsPath: [SettingsPath.Step]] = [:]

    /// Nil when no source mentions the part.
    func entries(of place: SettingsPath) -> [SettingsPath.Step]? { entries[place] }

    /// The part is there, though it may be empty.
    mutating func mention(_ place: SettingsPath) { entries[place, default: []] += [] }

    /// Notes an entry once. An index also brings the ones before it, so that a gap is found as entries without a name.
    mutating func add(_ step: SettingsPath.Step, to place: SettingsPath) {
        var steps = entries[place] ?? []
        switch step {
        case .key: if !steps.contains(step) { steps.append(step) }
        case .index(let index): if index >= steps.count { steps = (0...index).map { .index($0) } }
        }
        entries[place] = steps
    }
}
