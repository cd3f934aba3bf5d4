import JobFlow

/// The members of a request body, read strictly: an unknown or repeated one is an error, a null one counts as not given.
struct JobFields {
    private let object: JSONObject
    /// Put in front of names in errors: `cache.` for the members of `cache`.
    private let prefix: String

    init(_ object: JSONObject, allowed: [String], prefix: String = "") throws(IntakeProblem) {
        self.object = object
        self.prefix = prefix
        for (key, _) in object.members where !allowed.contains(key) {
            let name = prefix + key.clipped
            let known = allowed.joined(separator: ", ")
            throw .field(name, "\(name) is not a field. Allowed are \(known).", code: "unknown_field")
        }
        if let key = object.duplicateKey { throw .field(prefix + key, "\(prefix)\(key) is given more than once.") }
    }

    subscript(name: String) -> JSONValue? {
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    func string(_ name: String, characters: ClosedRange<Int> = 0...Int.max) throws(IntakeProblem) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.string else { throw fault(name, "has to be a string") }
        guard text.hasLength(in: characters) else {
            let (least, most) = (characters.lowerBound, characters.upperBound)
            throw fault(name, most == .max ? "must not be empty" : "has to have \(least) to \(most) characters")
        }
        return text
    }

    func integer(_ name: String, _ range: ClosedRange<Int>) throws(IntakeProblem) -> Int? {
        guard let value = self[name] else { return nil }
        guard let number = value.int, range.contains(number) else {
            throw fault(name, "has to be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func fault(_ name: String, _ what: String) -> IntakeProblem { .field(prefix + name, "\(prefix)\(name) \(what).") }
}

extension String {
    /// In Unicode scalars. They are counted only where their bytes, 1 to 4 each, leave it open.
    fileprivate func hasLength(in range: ClosedRange<Int>) -> Bool {
        let bytes = utf8.count
        let isCertain = range.contains((bytes + 3) / 4) && range.contains(bytes)
        return isCertain || range.contains(unicodeScalars.count)
    }

    /// Short enough to be named in an error.
    var clipped: String { unicodeScalars.count <= 64 ? self : String(unicodeScalars.prefix(64)) + "…" }
}
