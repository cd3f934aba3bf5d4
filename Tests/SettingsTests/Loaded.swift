import Foundation
import Settings
import Testing

/// Loads a worker.json that is given as text.
func loaded(
    _ json: String, environment: [String: String] = [:], flags: [(path: String, value: String)] = []
) throws(SettingsError) -> Settings {
    try Settings.load(bytes: Array(json.utf8), environment: environment, flags: flags)
}

/// What is wrong with it; empty when nothing is.
func faults(
    _ json: String, environment: [String: String] = [:], flags: [(path: String, value: String)] = []
) -> [SettingsFault] {
    do throws(SettingsError) {
        _ = try loaded(json, environment: environment, flags: flags)
        return []
    } catch {
        return error.faults
    }
}

/// A pool of endpoints that have a name and a URL, and the given members beside.
func pool(_ endpoints: String...) -> String {
    let objects = endpoints.enumerated().map { index, members in
        #"{"name":"e\#(index)","url":"http://127.0.0.1:8090/e\#(index)"\#(members.isEmpty ? "" : ","+members)}"#
    }
    return #"{"pool":{"endpoints":[\#(objects.joined(separator: ","))]}}"#
}

/// A new folder that is gone after the test.
func withFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("settings-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}
