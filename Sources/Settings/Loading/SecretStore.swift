import JobFlow

/// Where `${secret:name}` is looked up while the settings are loaded.
enum SecretStore: Sendable {
    /// `secrets.source` is `none`.
    case none
    case texts([String: String])
    case folder(String)
    /// It was found faulty and reported already, or is not needed; a key that refers to it says nothing more.
    case broken

    struct Missing: Error { var message: String }

    /// Opens the source that the settings name.
    static func open(_ settings: SecretsSettings, _ remote: RemoteSecrets, _ faults: inout Faults) -> SecretStore {
        let section = SettingsPath([.key("secrets")])
        if faults.contains(within: section) { return .broken }
        do throws(Unreadable) {
            switch settings.source {
            case .none: return .none
            case .file: return try file(settings.id)
            case .awsSecretsManager:
                switch remote {
                case .texts(let texts): return .texts(texts)
                case .failed(let reason): faults.add(section.appending("source"), "is aws-secrets-manager: \(reason)")
                case .unneeded: return .broken
                case .unread: faults.add(section.appending("source"), "is aws-secrets-manager, which was not asked")
                }
            }
        } catch {
            faults.add(section.appending("id"), "\(PrettyJSON.quoted(settings.id)) \(error.message)")
        }
        return .broken
    }

    /// The secret's text; nil when its absence was reported elsewhere.
    func text(of name: String) throws(Missing) -> String? {
        switch self {
        case .broken: return nil
        case .none:
            throw Missing(
                message: "refers to secret '\(name)', but secrets.source is none; set it to file or aws-secrets-manager"
            )
        case .texts(let texts):
            guard let text = texts[name] else {
                throw Missing(message: "refers to secret '\(name)', which secrets.id does not hold")
            }
            return text
        case .folder(let path): return try Self.member(name, of: path)
        }
    }

    private static func file(_ path: String) throws(Unreadable) -> SecretStore {
        if BoundedFile.isFolder(path) { return .folder(path) }
        let bytes = try BoundedFile.read(path)
        do throws(JSONFault) {
            return .texts(try texts(in: JSONObject(parsing: bytes)))
        } catch {
            throw Unreadable("is not a JSON object of texts: \(TextPosition(error.offset, in: bytes)): \(error.reason)")
        }
    }

    private static func texts(in object: JSONObject) throws(JSONFault) -> [String: String] {
        if let key = object.duplicateKey { throw JSONFault(0, "secret '\(key)' is there twice") }
        var texts: [String: String] = [:]
        for (key, value) in object.members {
            guard let text = value.string else {
                throw JSONFault(value.raw.startIndex, "secret '\(key)' has to be a text in double quotes")
            }
            texts[key] = text
        }
        return texts
    }

    /// Editors and `echo` leave a line end behind a secret; it is never part of it.
    private static func member(_ name: String, of folder: String) throws(Missing) -> String {
        do throws(Unreadable) {
            var text = try BoundedFile.read("\(folder)/\(name)")[...]
            while let last = text.last, last == 0x0a || last == 0x0d { text = text.dropLast() }
            guard let text = String(validating: text, as: UTF8.self) else { throw Unreadable("is not UTF-8 text") }
            return text
        } catch {
            throw Missing(message: "refers to secret '\(name)', whose file in the folder secrets.id \(error.message)")
        }
    }
}
