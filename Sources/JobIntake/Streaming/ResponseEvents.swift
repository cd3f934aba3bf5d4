import JobFlow
import NIOCore

/// The events of a background response as its client sees them: under our id, numbered over all attempts, so that whoever
/// comes back names a place that any replica finds. Pure: the same log gives the same numbers.
///
/// Two events that are ours come first: they say the id before anything is called. Those of the upstream are left out.
struct ResponseEvents: Sendable {
    private static let opening: Set<String> = ["response.created", "response.queued"]

    private let spec: JobSpec
    /// The last number that the client has seen; -1: none.
    private let seen: Int
    private var next = 0
    private var events = ServerEvents()

    init(_ spec: JobSpec, seen: Int?) {
        self.spec = spec
        self.seen = seen ?? -1
    }

    /// What every stream of the response begins with.
    mutating func begin() -> [UInt8] {
        let object = ResponseObject.bytes(JobRecord(spec: spec, state: .queued))
        return event("response.created") { $0.member("response", raw: object) }
            + event("response.queued") { $0.member("response", raw: object) }
    }

    /// - Parameter piece: whole events of the upstream.
    mutating func show(_ piece: [UInt8]) -> [UInt8] {
        var onward: [UInt8] = []
        for event in events.receive(piece) {
            guard let data = event.data, let json = try? JSONObject(parsing: data), let type = json["type"]?.string,
                !Self.opening.contains(type)
            else { continue }
            if let number = take() { onward += Self.text(type, rewritten(json, number)) }
        }
        return onward
    }

    /// The end of a job whose log does not show one.
    mutating func end(_ record: JobRecord) -> [UInt8] {
        let object = ResponseObject.bytes(record)
        let status = (try? JSONObject(parsing: object))?["status"]?.string ?? "failed"
        return last("response.\(status)") { $0.member("response", raw: object) }
    }

    /// The stream ends here, the response does not.
    mutating func error(_ error: JobError) -> [UInt8] {
        last("error") { json in
            json.member("code", error.code)
            json.member("message", error.message)
            json.member("param", nil as String?)
        }
    }

    /// Is shown whatever the client has seen.
    private mutating func last(_ type: String, _ write: (inout JSONWriter) -> Void) -> [UInt8] {
        next = max(next, seen + 1)
        return event(type, write)
    }

    private mutating func event(_ type: String, _ write: (inout JSONWriter) -> Void) -> [UInt8] {
        guard let number = take() else { return [] }
        let data = JSONWriter.object { json in
            json.member("type", type)
            json.member("sequence_number", number)
            write(&json)
        }
        return Self.text(type, data)
    }

    /// The number of the next event; nil if the client has seen it.
    private mutating func take() -> Int? {
        defer { next += 1 }
        return next > seen ? next : nil
    }

    private static func text(_ type: String, _ data: [UInt8]) -> [UInt8] {
        Array(ServerSentEvents.event(data, name: type).readableBytesView)
    }

    private func rewritten(_ json: JSONObject, _ number: Int) -> [UInt8] {
        JSONWriter.object(capacity: json.raw.count + 64) { writer in
            for (key, value) in json.members where key != "sequence_number" {
                let response = key == "response" ? value.object.map { ResponseObject.renamed($0, spec) } : nil
                writer.member(named: key, raw: response ?? Array(value.raw))
            }
            writer.member("sequence_number", number)
        }
    }
}
