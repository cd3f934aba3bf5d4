import ArgumentParser
import Foundation
import Settings

/// The options of every command that reads worker.json.
struct ConfigOptions: ParsableArguments {
    @Option(name: .long, help: "The configuration file.")
    var config = "worker.json"

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Overrides one key, before the file and the environment.", valueName: "key=value"))
    var overrides: [String] = []

    func validate() throws {
        for text in overrides where !text.contains("=") {
            throw ValidationError("--set '\(text)': key=value was expected, for example --set worker.concurrency=200")
        }
    }

    /// - Parameters:
    ///   - more: flags of the command itself; they win over `--set`.
    ///   - needsSecrets: whether secrets are asked for that a cloud keeps.
    func load(_ more: [(path: String, value: String)] = [], needsSecrets: Bool = true) async throws -> Settings {
        let flags = overrides.map { text -> (path: String, value: String) in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), String(parts[1]))
        }
        do {
            return try await Settings.load(
                file: config, environment: ProcessInfo.processInfo.environment, flags: flags + more,
                secrets: { needsSecrets ? await CloudAccess.secrets($0) : .unneeded })
        } catch {
            throw PlainError("\(error)")
        }
    }

    /// The same options for a child process.
    var arguments: [String] { ["--config", config] + overrides.flatMap { ["--set", $0] } }
}

/// An error that is shown as it is, in one line where it is one.
struct PlainError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
