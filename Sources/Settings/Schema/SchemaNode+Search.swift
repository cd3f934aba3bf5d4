/// A key that holds a value, with its place.
struct SchemaPlace: Sendable {
    var path: SettingsPath
    var rule: ValueRule
    /// The entries that the path goes through, each with the part that it is an entry of.
    var entries: [(part: SettingsPath, step: SettingsPath.Step)] = []
}

extension SchemaNode {
    /// The key that a dotted path names: `pool.endpoints[0].url` or `pool.endpoints.0.url`.
    func place(of text: String) -> SchemaPlace? {
        let dotted = text.map { $0 == "[" ? "." : String($0) }.joined().filter { $0 != "]" }
        return descend(dotted.split(separator: ".", omittingEmptySubsequences: false)[...], SettingsPath(), [])
    }

    private func descend(
        _ words: ArraySlice<Substring>, _ path: SettingsPath, _ entries: [(part: SettingsPath, step: SettingsPath.Step)]
    ) -> SchemaPlace? {
        if case .value(let rule) = self {
            return words.isEmpty ? SchemaPlace(path: path, rule: rule, entries: entries) : nil
        }
        guard let word = words.first.map(String.init) else { return nil }
        let rest = words.dropFirst()
        switch self {
        case .value: return nil
        case .section(let keys):
            guard let key = keys.first(where: { $0.name == word }) else { return nil }
            return key.node.descend(rest, path.appending(word), entries)
        case .named(let keys, _):
            guard ValueRule.isName(word) else { return nil }
            return SchemaNode.section(keys).descend(rest, path.appending(word), entries + [(path, .key(word))])
        case .list(let keys):
            guard let index = Self.index(word) else { return nil }
            return SchemaNode.section(keys).descend(rest, path.appending(index), entries + [(path, .index(index))])
        }
    }

    /// The keys that an environment variable can mean; `rest` is its name behind `SLUICE_`. More than one only where the
    /// names of two queues differ in nothing but `-` and `_`.
    func places(ofVariable rest: Substring, in shape: Shape, at path: SettingsPath = SettingsPath()) -> [SchemaPlace] {
        switch self {
        case .value(let rule): return rest.isEmpty ? [SchemaPlace(path: path, rule: rule)] : []
        case .section(let keys):
            return keys.flatMap { key in
                Self.tail(of: rest, behind: key.name)
                    .map { key.node.places(ofVariable: $0, in: shape, at: path.appending(key.name)) } ?? []
            }
        case .named(let keys, _):
            return (shape.entries(of: path) ?? []).flatMap { step -> [SchemaPlace] in
                guard case .key(let name) = step, let tail = Self.tail(of: rest, behind: name) else { return [] }
                return SchemaNode.section(keys).places(ofVariable: tail, in: shape, at: path.appending(name))
            }
        case .list(let keys):
            let digits = rest.prefix { $0 != "_" }
            guard let index = Self.index(digits), let tail = Self.tail(of: rest, behind: digits) else { return [] }
            return SchemaNode.section(keys).places(ofVariable: tail, in: shape, at: path.appending(index)).map {
                place in
                SchemaPlace(path: place.path, rule: place.rule, entries: [(path, .index(index))] + place.entries)
            }
        }
    }

    /// Every key that there is, for suggestions.
    func keys(in shape: Shape, at path: SettingsPath = SettingsPath()) -> [SettingsPath] {
        switch self {
        case .value: [path]
        case .section(let keys): keys.flatMap { $0.node.keys(in: shape, at: path.appending($0.name)) }
        case .named(let keys, _), .list(let keys):
            (shape.entries(of: path) ?? []).flatMap {
                SchemaNode.section(keys).keys(in: shape, at: SettingsPath(path.steps + [$0]))
            }
        }
    }

    private static func index(_ text: some StringProtocol) -> Int? {
        guard text.utf8.count <= 3, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text).flatMap { $0 < maximumEntries ? $0 : nil }
    }

    private static func tail(of rest: Substring, behind name: some StringProtocol) -> Substring? {
        let form = SettingsPath.variableForm(String(name))
        if rest == form { return rest.suffix(0) }
        return rest.hasPrefix(form + "_") ? rest.dropFirst(form.count + 1) : nil
    }
}
