/// The shape that worker.json may have.
indirect enum SchemaNode: Sendable {
    case value(ValueRule)
    /// An object with these keys and no others.
    case section([SchemaKey])
    /// An object whose keys are names that the user chooses.
    case named([SchemaKey], least: Int)
    /// An array of objects.
    case list([SchemaKey])

    /// More of them than this can only be a mistake.
    static let maximumEntries = 256

    var allowed: String {
        switch self {
        case .value(let rule): rule.allowed
        case .section(let keys): "an object with the keys \(keys.map(\.name).joined(separator: ", "))"
        case .named: "an object that has a name and an object for each"
        case .list: "an array of objects"
        }
    }
}

struct SchemaKey: Sendable {
    var name: String
    var node: SchemaNode
}
