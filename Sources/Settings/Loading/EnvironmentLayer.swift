/// The `SLUICE_…` variables that name a key and hold what it may hold. An empty one counts as not set.
struct EnvironmentLayer {
    static let prefix = "SLUICE_"
    /// What the client commands read; no keys of worker.json.
    static let ignored: Set<String> = ["SLUICE_API_KEY", "SLUICE_URL", "SLUICE_CONFIG"]

    private(set) var accepted: [String: String] = [:]

    init(_ environment: [String: String], _ shape: inout Shape, _ faults: inout Faults) {
        let ours = environment.filter { $0.key.hasPrefix(Self.prefix) && !$0.value.isEmpty }
        for (name, text) in ours.sorted(by: { $0.key < $1.key }) where !Self.ignored.contains(name) {
            let places = Settings.schema.places(ofVariable: name.dropFirst(Self.prefix.count), in: shape)
            guard let place = places.first else {
                faults.add(as: name, Self.unknown(name, shape))
                continue
            }
            guard places.count == 1 else {
                let keys = places.map(\.path.description).joined(separator: " and ")
                faults.add(as: name, "can mean \(keys); set them in worker.json instead")
                continue
            }
            guard place.rule.content(of: text) != nil else {
                let message = Refusal.of(text, place.rule) + " (it sets \(place.path))"
                faults.add(as: name, keys: [place.path], message)
                continue
            }
            for entry in place.entries { shape.add(entry.step, to: entry.part) }
            accepted[name] = text
        }
    }

    private static func unknown(_ name: String, _ shape: Shape) -> String {
        let known = Settings.schema.keys(in: shape).map(\.variable)
        let meant = Spelling.suggestion(for: name, among: known + ignored.sorted())
        return "sets no known key\(Refusal.question(meant)); the name of a variable is SLUICE_ and the key's path, "
            + "such as SLUICE_REDIS_URL for redis.url"
    }
}
