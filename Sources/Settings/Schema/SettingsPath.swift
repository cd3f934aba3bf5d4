/// The place of a key: `pool.endpoints[1].timeout`.
struct SettingsPath: Hashable, Sendable, CustomStringConvertible {
    enum Step: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    private(set) var steps: [Step] = []

    init(_ steps: [Step] = []) { self.steps = steps }

    func appending(_ key: String) -> SettingsPath { SettingsPath(steps + [.key(key)]) }
    func appending(_ index: Int) -> SettingsPath { SettingsPath(steps + [.index(index)]) }

    var isRoot: Bool { steps.isEmpty }

    /// The same place as swift-configuration's providers know it: `pool.endpoints.1.timeout`.
    var components: [String] {
        steps.map { step in
            switch step {
            case .key(let name): name
            case .index(let number): String(number)
            }
        }
    }

    var description: String {
        steps.reduce(into: "") { text, step in
            switch step {
            case .key(let name): text += text.isEmpty ? name : ".\(name)"
            case .index(let number): text += "[\(number)]"
            }
        }
    }

    /// The environment variable of this key: `SLUICE_POOL_ENDPOINTS_1_TIMEOUT`.
    var variable: String {
        (["sluice"] + components).map(Self.variableForm).joined(separator: "_")
    }

    static func variableForm(_ name: String) -> String {
        String(name.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }
}
