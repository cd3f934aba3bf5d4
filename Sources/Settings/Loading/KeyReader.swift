import Configuration

/// Reads typed values of one section through swift-configuration, and resolves references in texts. Every value was
/// checked before it went into a provider, so what can still go wrong here is a reference or a missing key.
struct KeyReader {
    let source: ConfigReader
    var secrets = SecretStore.none
    var faults: Faults
    private let shape: Shape
    private let environment: [String: String]
    private var place = SettingsPath()

    init(_ source: ConfigReader, shape: Shape, environment: [String: String], faults: Faults) {
        self.source = source
        self.shape = shape
        self.environment = environment
        self.faults = faults
    }

    func key(_ name: String) -> ConfigKey { ConfigKey(place.appending(name).components) }

    /// Reads what lies inside one step further down.
    mutating func inside(_ step: SettingsPath.Step, _ body: (inout KeyReader) -> Void) {
        let outer = place
        place = SettingsPath(outer.steps + [step])
        body(&self)
        place = outer
    }

    /// Reads each entry of the open part where the reader stands.
    mutating func entries<Entry>(_ read: (_ name: String, inout KeyReader) -> Entry) -> [Entry] {
        var found: [Entry] = []
        for step in shape.entries(of: place) ?? [] {
            let name = SettingsPath([step]).components.joined()
            inside(step) { reader in found.append(read(name, &reader)) }
        }
        return found
    }

    /// A text with its references resolved; nil when no source has the key, or when it was reported as faulty.
    mutating func text(_ name: String, _ rule: ValueRule) -> String? {
        guard let raw = source.string(forKey: key(name), isSecret: rule.isSecret) else { return nil }
        guard rule.mayRefer, Reference.occurs(in: raw) else { return raw }
        do throws(Reference.Malformed) {
            guard let text = try resolve(raw, rule) else { return nil }
            guard rule.accepts(text) else {
                throw Reference.Malformed(
                    message: "is not allowed once its reference is resolved; allowed is \(rule.allowed)")
            }
            return text
        } catch {
            faults.add(place.appending(name), error.message)
            return nil
        }
    }

    mutating func reportMissing(_ name: String, _ rule: ValueRule) {
        let path = place.appending(name)
        guard !faults.contains(path), !faults.contains(place) else { return }
        faults.add(path, "is missing; it has to be \(rule.allowed)")
    }

    /// Nil when a secret's source is broken, which was reported at `secrets`.
    private func resolve(_ raw: String, _ rule: ValueRule) throws(Reference.Malformed) -> String? {
        var text = ""
        for piece in try Reference.pieces(of: raw) {
            switch piece {
            case .plain(let part): text += part
            case .reference(let reference):
                guard let value = try value(of: reference, rule) else { return nil }
                text += value
            }
        }
        return text
    }

    private func value(of reference: Reference, _ rule: ValueRule) throws(Reference.Malformed) -> String? {
        switch reference {
        case .variable(let name):
            if let value = environment[name] { return value }
            throw Reference.Malformed(message: "refers to the environment variable \(name), which is not set")
        case .secret(let name):
            guard rule.isSecret else {
                throw Reference.Malformed(message: "may not hold a secret, since it is shown in logs and reports")
            }
            do throws(SecretStore.Missing) {
                return try secrets.text(of: name)
            } catch { throw Reference.Malformed(message: error.message) }
        }
    }
}
