/// One thing that is wrong, and what is allowed in its place. Never holds a secret.
package struct SettingsFault: Sendable, Equatable, CustomStringConvertible {
    /// The key in full, as `pool.endpoints[1].timeout`; or the environment variable, or the file, that is at fault.
    package var path: String
    /// Where in the file it stands, counted from 1.
    package var line: Int?
    package var message: String

    package init(path: String, line: Int? = nil, message: String) {
        self.path = path
        self.line = line
        self.message = message
    }

    package var description: String {
        line.map { "\(path) (line \($0)): \(message)" } ?? "\(path): \(message)"
    }
}
