import JobFlow

/// What is known of a streamed answer while it comes: what of it may go on to the client, and what it was in the end.
///
/// Nothing goes on before the first output: until then an error costs the client nothing, and the call can be repeated.
struct AnswerStream: Sendable {
    private enum Meaning { case opening, output, usageNobodyAskedFor, error([UInt8]) }

    private let path: UpstreamPath
    private let keepsUsage: Bool
    private var events = ServerEvents()
    private var chunks: ChunkAssembler
    private var held: [UInt8] = []
    private var isDone = false
    private var response: [UInt8]?

    private(set) var hasOutput = false
    /// The error that came in place of an answer, or of the rest of it: a JSON object with a member `error`.
    private(set) var error: [UInt8]?

    /// - Parameter keepsUsage: the client asked for the chunk that says what was used.
    init(path: UpstreamPath, keepsUsage: Bool = true) {
        self.path = path
        self.keepsUsage = keepsUsage
        chunks = ChunkAssembler(isChat: path == .chatCompletions)
    }

    /// The answer as one JSON object; nil if the stream did not come to its end.
    var answer: [UInt8]? {
        guard error == nil else { return nil }
        if path == .responses { return response }
        return isDone || chunks.isFinished ? chunks.answer : nil
    }

    /// Gives what can go on now: whole events, as they came.
    mutating func receive(_ bytes: [UInt8]) -> [UInt8] {
        var onward: [UInt8] = []
        for event in events.receive(bytes) where error == nil {
            switch meaning(event) {
            case .usageNobodyAskedFor: break
            case .error(let body): error = body
            case .opening:
                if hasOutput { onward += event.raw } else { held += event.raw }
            case .output:
                hasOutput = true
                onward += held + event.raw
                held = []
            }
        }
        return onward
    }

    private mutating func meaning(_ event: ServerEvents.Event) -> Meaning {
        guard let data = event.data else { return .opening }
        if data.elementsEqual("[DONE]".utf8) {
            isDone = true
            return .opening
        }
        guard let json = try? JSONObject(parsing: data) else { return .opening }
        return path == .responses ? response(json) : chunk(json)
    }

    private mutating func chunk(_ json: JSONObject) -> Meaning {
        if json["error"]?.isNull == false { return .error(Array(json.raw)) }
        let isOutput = chunks.add(json)
        if !keepsUsage, json["usage"]?.object != nil, json["choices"]?.array?.isEmpty == true {
            return .usageNobodyAskedFor
        }
        return isOutput ? .output : .opening
    }

    private mutating func response(_ json: JSONObject) -> Meaning {
        switch json["type"]?.string {
        case "error": return .error(Self.error(json["error"]?.object ?? json))
        case "response.failed": return .error(Self.error(json["response"]?.object?["error"]?.object ?? json))
        case "response.created", "response.queued", "response.in_progress": return .opening
        case "response.completed", "response.incomplete":
            response = json["response"]?.object.map { Array($0.raw) }
            return .output
        default: return .output
        }
    }

    private static func error(_ error: JSONObject) -> [UInt8] {
        JSONWriter.object { $0.member("error", raw: error.raw) }
    }
}
