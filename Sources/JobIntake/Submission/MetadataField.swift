import JobFlow

/// `metadata`: checked, then carried as the bytes that it came as.
enum MetadataField {
    static func read(_ value: JSONValue?) throws(IntakeProblem) -> [UInt8]? {
        guard let value, !value.isNull else { return nil }
        guard let object = value.object else { throw .field("metadata", "metadata has to be an object of strings.") }
        guard object.members.count <= 16 else { throw .field("metadata", "metadata can have 16 members at most.") }
        if object.duplicateKey != nil { throw .field("metadata", "metadata has a member more than once.") }
        for (key, value) in object.members {
            guard key.unicodeScalars.count <= 64 else {
                throw .field("metadata", "The names of metadata can have 64 characters at most.")
            }
            guard let text = value.string, text.unicodeScalars.count <= 512 else {
                throw .field("metadata.\(key)", "metadata.\(key) has to be a string of at most 512 characters.")
            }
        }
        return Array(value.raw)
    }
}
