import JobFlow

extension Settings {
    /// The bytes of a worker.json with other addresses in it, all else as it was written: for `sluice up --embedded`,
    /// which runs Redis and the simulated pool on free ports.
    ///
    /// - Parameters:
    ///   - redisURL: put at `redis.url`, which is added when it is not there.
    ///   - endpointURLs: by the endpoint's name. Endpoints that are not named here keep their URL, and none is added.
    package static func derived(
        from bytes: [UInt8], redisURL: String, endpointURLs: [String: String] = [:]
    ) throws(SettingsError) -> [UInt8] {
        do throws(JSONFault) {
            let root = try JSONObject(parsing: bytes)
            let start = try JSONValue(parsing: bytes).raw.startIndex
            let edits = [redisEdit(root, start, redisURL)] + endpointEdits(root, endpointURLs)
            return TextEdit.apply(edits, to: bytes)
        } catch {
            let message = "is not a JSON object: \(TextPosition(error.offset, in: bytes)): \(error.reason)"
            throw SettingsError(faults: [SettingsFault(path: "worker.json", message: message)])
        }
    }

    private static func redisEdit(_ root: JSONObject, _ start: Int, _ url: String) -> TextEdit {
        let text = PrettyJSON.quoted(url)
        guard let redis = root["redis"] else { return .member("redis", "{\"url\":\(text)}", in: root, at: start) }
        guard let object = redis.object else { return TextEdit(range: redis.raw.indices, text: "{\"url\":\(text)}") }
        guard let old = object["url"] else { return .member("url", text, in: object, at: redis.raw.startIndex) }
        return TextEdit(range: old.raw.indices, text: text)
    }

    private static func endpointEdits(_ root: JSONObject, _ urls: [String: String]) -> [TextEdit] {
        let endpoints = root["pool"]?.object?["endpoints"]?.array ?? []
        return endpoints.compactMap { endpoint in
            guard let object = endpoint.object, let name = object["name"]?.string, let url = urls[name] else {
                return nil
            }
            let text = PrettyJSON.quoted(url)
            guard let old = object["url"] else { return .member("url", text, in: object, at: endpoint.raw.startIndex) }
            return TextEdit(range: old.raw.indices, text: text)
        }
    }
}
