import JobFlow

/// The `input` of a response as a list of items, as `GET …/responses/{id}/input_items` shows it. Pure.
enum InputItems {
    struct Page: Equatable {
        var limit = 20
        var isAscending = false
        var after: String?
    }

    private struct Item {
        var id: String
        var bytes: [UInt8]
    }

    static func bytes(_ body: [UInt8], of id: JobID, _ page: Page) -> [UInt8] {
        var items = items(body, id)
        if !page.isAscending { items.reverse() }
        let rest = page.after.flatMap { after in items.firstIndex { $0.id == after } }.map { items[($0 + 1)...] }
        let shown = (rest ?? (page.after == nil ? items[...] : [])).prefix(page.limit)
        return JSONWriter.object { json in
            json.member("object", "list")
            json.member("data", array: { data in for item in shown { data.element(raw: item.bytes) } })
            json.member("first_id", shown.first?.id)
            json.member("last_id", shown.last?.id)
            json.member("has_more", shown.last?.id != (rest ?? items[...]).last?.id && !shown.isEmpty)
        }
    }

    private static func items(_ body: [UInt8], _ id: JobID) -> [Item] {
        guard let input = (try? JSONObject(parsing: body))?["input"] else { return [] }
        if input.kind == .string { return [message(input, named: "msg_\(id.ulid)_0")] }
        return (input.array ?? []).enumerated().compactMap { index, value in
            value.object.map { item($0, named: "msg_\(id.ulid)_\(index)") }
        }
    }

    private static func message(_ text: JSONValue, named id: String) -> Item {
        let bytes = JSONWriter.object { json in
            head(id, &json)
            json.member("role", "user")
            json.member("content", array: { $0.element(object: { part(text, "input_text", &$0) }) })
        }
        return Item(id: id, bytes: bytes)
    }

    /// What the client left out is filled in; everything else stays as it was written.
    private static func item(_ object: JSONObject, named usual: String) -> Item {
        let id = object["id"]?.string ?? usual
        guard object["type"] == nil || object["type"]?.string == "message" else {
            let bytes = JSONWriter.object { json in
                json.member("id", id)
                for (key, value) in object.members where key != "id" { json.member(named: key, raw: value.raw) }
            }
            return Item(id: id, bytes: bytes)
        }
        let kind: StaticString = object["role"]?.string == "assistant" ? "output_text" : "input_text"
        let bytes = JSONWriter.object { json in
            head(id, &json)
            for (key, value) in object.members where !["id", "type", "status"].contains(key) {
                if key == "content", value.kind == .string {
                    json.member("content", array: { $0.element(object: { part(value, kind, &$0) }) })
                } else {
                    json.member(named: key, raw: value.raw)
                }
            }
        }
        return Item(id: id, bytes: bytes)
    }

    private static func head(_ id: String, _ json: inout JSONWriter) {
        json.member("id", id)
        json.member("type", "message")
        json.member("status", "completed")
    }

    private static func part(_ text: JSONValue, _ kind: StaticString, _ json: inout JSONWriter) {
        json.member("type", "\(kind)")
        json.member("text", raw: text.raw)
    }
}
