import Foundation
import HTTPTypes
import HummingbirdTesting
import JobFlow
import NIOCore
import TestKit
import Testing

@testable import JobIntake

/// Routes over a folder of their own, while its batches run.
func withFiles<Value: Sendable>(
    store: InMemoryJobStore = makeStore(), now: @escaping WallClock = { noon },
    limits: FileLimits = FileLimits(fileBytes: 1_000_000),
    keys: [IntakeKey] = [], journal: InMemoryJournal = makeJournal(), tracer: IntakeTracer? = nil,
    _ body: @escaping @Sendable (any TestClientProtocol, FileBatches) async throws -> Value
) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sluice-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let files = try FileBatches(folder: folder, limits: limits)
    var configuration = defaultConfiguration
    configuration.keys = keys
    let server = IntakeServer(
        configuration: configuration, store: store, control: store, log: store, batches: store, files: files,
        journal: journal, tracer: tracer, now: now, metrics: { "" }, readiness: { [] }, logger: silent)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await server.runBatches() }
        defer { group.cancelAll() }
        return try await server.application().test(.router) { try await body($0, files) }
    }
}

extension TestClientProtocol {
    func upload(
        _ text: String, purpose: String = "batch", prefix: String = "/v1", more: [(String, String)] = [],
        headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        var form = ""
        for (name, value) in [("purpose", purpose)] + more {
            form += "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        form += "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n"
        form += "Content-Type: application/octet-stream\r\n\r\n\(text)\r\n--b--\r\n"
        var headers = headers
        headers[.contentType] = "multipart/form-data; boundary=b"
        return try await post(prefix + "/files", headers: headers, body: form)
    }

    /// Makes a batch of a file; returns its id.
    func batch(_ text: String, window: String = "24h") async throws -> String {
        try await batch(text, window: window, headers: [:])
    }

    func batch(_ text: String, window: String = "24h", headers: HTTPFields) async throws -> String {
        let file = try #require(try await upload(text).json["id"]?.string)
        let body = #"{"input_file_id":"\#(file)","endpoint":"/v1/chat/completions","completion_window":"\#(window)"}"#
        var headers = headers
        headers[.contentType] = "application/json"
        let response = try await post("/v1/batches", headers: headers, body: body)
        #expect(response.status == .ok, "\(response.text)")
        let batch = try response.json
        #expect(batch["status"]?.string == "validating")
        return try #require(batch["id"]?.string)
    }

    func batch(_ id: String, is statuses: String...) async throws -> JSONObject {
        for _ in 0..<400 {
            let batch = try await get("/v1/batches/\(id)").json
            if statuses.contains(batch["status"]?.string ?? "") { return batch }
            try await Task.sleep(for: .milliseconds(25))
        }
        Issue.record("\(id) never became \(statuses): \(try await get("/v1/batches/\(id)").text)")
        return try await get("/v1/batches/\(id)").json
    }

    func lines(of file: JSONValue?) async throws -> [JSONObject] {
        guard let id = file?.string else { return [] }
        return try await get("/v1/files/\(id)/content").text.split(separator: "\n").map {
            try JSONObject(parsing: Array($0.utf8))
        }
    }
}

func batchLines(_ count: Int) -> String {
    (1...count).map {
        #"{"custom_id":"c-\#($0)","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","n":\#($0)}}"#
    }.joined(separator: "\n")
}
