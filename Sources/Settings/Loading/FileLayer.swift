import Configuration
import JobFlow

/// worker.json, checked against the schema and laid flat. swift-configuration's own JSON provider takes no array of
/// objects (`pool.endpoints`), knows no schema, and parses leniently; so the file is read here and handed over as values.
struct FileLayer {
    private(set) var values: [AbsoluteConfigKey: ConfigValue] = [:]
    private(set) var shape = Shape()
    private(set) var faults = Faults()
    private let bytes: [UInt8]

    /// - Parameter name: the file's name, for what is wrong with the file as a whole.
    /// - Throws: when it is no JSON object. What is wrong inside of it is in `faults`.
    init(_ bytes: [UInt8], name: String) throws(SettingsError) {
        self.bytes = bytes
        let root = try Self.root(of: bytes, name)
        walk(root, Settings.schema, SettingsPath())
    }

    private static func root(of bytes: [UInt8], _ name: String) throws(SettingsError) -> JSONValue {
        do throws(JSONFault) {
            let root = try JSONValue(parsing: bytes)
            guard root.kind == .object else {
                throw JSONFault(root.raw.startIndex, "an object in braces was expected")
            }
            return root
        } catch {
            let message = "is not a JSON object: \(TextPosition(error.offset, in: bytes)): \(error.reason)"
            throw SettingsError(faults: [SettingsFault(path: name, message: message)])
        }
    }

    private mutating func walk(_ value: JSONValue, _ node: SchemaNode, _ path: SettingsPath) {
        // A null is an absent key.
        if value.isNull { return }
        switch node {
        case .value(let rule): leaf(value, rule, path)
        case .section(let keys): section(value, keys, path)
        case .named(let keys, let least): named(value, keys, least, path)
        case .list(let keys): list(value, keys, path)
        }
    }

    private mutating func leaf(_ value: JSONValue, _ rule: ValueRule, _ path: SettingsPath) {
        guard let content = rule.content(of: value) else { return fault(path, value, Refusal.of(value, rule)) }
        values[AbsoluteConfigKey(path.components)] = ConfigValue(content, isSecret: rule.isSecret)
    }

    private mutating func section(_ value: JSONValue, _ keys: [SchemaKey], _ path: SettingsPath) {
        for (name, member) in members(of: value, .section(keys), path) {
            if let key = keys.first(where: { $0.name == name }) {
                walk(member, key.node, path.appending(name))
            } else {
                fault(path.appending(name), member, Refusal.unknownKey(name, keys))
            }
        }
    }

    private mutating func named(_ value: JSONValue, _ keys: [SchemaKey], _ least: Int, _ path: SettingsPath) {
        let found = members(of: value, .named(keys, least: least), path).filter { !$0.value.isNull }
        guard value.kind == .object else { return }
        shape.mention(path)
        guard (least...SchemaNode.maximumEntries).contains(found.count) else {
            return fault(
                path, value, "has \(found.count) entries; allowed are \(least) to \(SchemaNode.maximumEntries)")
        }
        for (name, member) in found {
            guard ValueRule.isName(name) else {
                fault(path.appending(name), member, "is not an allowed name; allowed is \(ValueRule.name.allowed)")
                continue
            }
            shape.add(.key(name), to: path)
            section(member, keys, path.appending(name))
        }
    }

    private mutating func list(_ value: JSONValue, _ keys: [SchemaKey], _ path: SettingsPath) {
        guard let elements = value.array else { return fault(path, value, Refusal.of(value, .list(keys))) }
        guard elements.count <= SchemaNode.maximumEntries else {
            return fault(path, value, "has \(elements.count) entries; allowed are up to \(SchemaNode.maximumEntries)")
        }
        for (index, element) in elements.enumerated() {
            shape.add(.index(index), to: path)
            section(element, keys, path.appending(index))
        }
    }

    private typealias Member = (name: String, value: JSONValue)

    /// The members of an object, each name once.
    private mutating func members(of value: JSONValue, _ node: SchemaNode, _ path: SettingsPath) -> [Member] {
        guard let object = value.object else {
            fault(path, value, Refusal.of(value, node))
            return []
        }
        var seen: Set<String> = []
        var unique: [Member] = []
        for (name, member) in object.members {
            if seen.insert(name).inserted {
                unique.append((name, member))
            } else {
                fault(path.appending(name), member, "is there more than once; keep one")
            }
        }
        return unique
    }

    private mutating func fault(_ path: SettingsPath, _ value: JSONValue, _ message: String) {
        faults.add(path, line: TextPosition(value.raw.startIndex, in: bytes).line, message)
    }
}
