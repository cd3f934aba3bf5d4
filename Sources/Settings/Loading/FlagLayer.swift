import Configuration

/// Overrides from the command line, as values. A later one wins.
struct FlagLayer {
    private(set) var values: [AbsoluteConfigKey: ConfigValue] = [:]

    init(_ flags: [(path: String, value: String)], _ shape: inout Shape, _ faults: inout Faults) {
        for (path, text) in flags {
            guard let place = Settings.schema.place(of: path) else {
                let known = Settings.schema.keys(in: shape).map(\.description)
                let meant = Spelling.suggestion(for: path, among: known)
                faults.add(as: path, "is not a known key of worker.json\(Refusal.question(meant))")
                continue
            }
            guard let content = place.rule.content(of: text) else {
                faults.add(place.path, Refusal.of(text, place.rule) + " (given as a flag)")
                continue
            }
            for entry in place.entries { shape.add(entry.step, to: entry.part) }
            values[AbsoluteConfigKey(place.path.components)] = ConfigValue(content, isSecret: place.rule.isSecret)
        }
    }
}
