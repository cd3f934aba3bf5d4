import Foundation
import Settings
import Testing

@Suite struct MalformedFileTests {
    @Test(arguments: [
        ("", "line 1, column 1: unexpected end"),
        ("{\n  \"redis\": {\n    \"url\": \"ü\" \"x\"\n", "line 3, column 16: ',' or '}' was expected"),
        ("{\"a\":1,}", "line 1, column 8: a member name in double quotes was expected"),
        ("{}\n{}", "line 2, column 1: unexpected text behind the value"),
        ("\n [1]", "line 2, column 2: an object in braces was expected"),
        ("null", "line 1, column 1: an object in braces was expected"),
    ])
    func `malformed JSON is one fault with line and column`(json: String, message: String) {
        let found = faults(json, environment: ["SLUICE_POOL_ENDPOINTS_0_URL": "http://h"])
        #expect(found == [SettingsFault(path: "worker.json", message: "is not a JSON object: \(message)")])
    }

    @Test func `a file that is not there is named`() async {
        let error = await #expect(throws: SettingsError.self) {
            try await Settings.load(file: "/nowhere/worker.json", environment: [:])
        }
        #expect(error?.description == "/nowhere/worker.json: does not exist")
    }

    @Test func `a folder and a huge file are no settings`() async throws {
        try await withFolder { folder in
            let error = await #expect(throws: SettingsError.self) {
                try await Settings.load(file: folder.path, environment: [:])
            }
            #expect(error?.faults.first?.message == "is a folder, not a file")

            let file = folder.appendingPathComponent("huge.json")
            try Data(repeating: 0x20, count: 4_194_305).write(to: file)
            let huge = await #expect(throws: SettingsError.self) {
                try await Settings.load(file: file.path, environment: [:])
            }
            #expect(huge?.faults.first?.message == "is larger than 4194304 bytes")
        }
    }

    @Test func `a file is read by its path`() async throws {
        try await withFolder { folder in
            let file = folder.appendingPathComponent("worker.json")
            try Data(#"{"worker":{"processes":4}}"#.utf8).write(to: file)
            #expect(try await Settings.load(file: file.path, environment: [:]).worker.processes == 4)
        }
    }
}
