import ArgumentParser
import Foundation

/// The options of every command that talks to a running intake.
struct ClientOptions: ParsableArguments {
    @Option(name: .long, help: "Where the intake listens (or SLUICE_URL).")
    var url = ProcessInfo.processInfo.environment["SLUICE_URL"] ?? "http://127.0.0.1:8080"

    @Option(name: .long, help: "The API key, where the intake asks for one (or SLUICE_API_KEY).")
    var apiKey: String?

    func validate() throws {
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw ValidationError("--url '\(url)': an http:// or https:// address was expected")
        }
    }

    func client() throws -> SluiceClient {
        try SluiceClient(
            url: url.hasSuffix("/") ? String(url.dropLast()) : url,
            apiKey: apiKey ?? ProcessInfo.processInfo.environment["SLUICE_API_KEY"])
    }
}
