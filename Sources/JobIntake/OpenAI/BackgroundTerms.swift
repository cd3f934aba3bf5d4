import JobFlow

/// What `background: true` asks for, besides the answer.
struct BackgroundTerms: Sendable, Equatable {
    /// Members that are for us. The upstream is asked for an answer at once, and keeps nothing.
    static let members: Set<String> = ["background", "background_options", "store"]

    let window: CompletionWindow?
    /// What the client is shown of its request for as long as there is no answer.
    let echo: [UInt8]

    /// Nil for a request that is waited for.
    init?(_ object: JSONObject) throws(IntakeProblem) {
        let value = object["background"]
        guard let value, !value.isNull else { return nil }
        guard let isWanted = value.bool else { throw .field("background", "background has to be true or false.") }
        guard isWanted else { return nil }
        window = try CompletionWindow.read(object["background_options"])
        if let store = object["store"], !store.isNull, store.bool == nil {
            throw .field("store", "store has to be true or false.")
        }
        echo = Self.echo(object)
    }

    /// Members of a Response that repeat the request.
    private static let shown: Set<String> = [
        "store", "instructions", "temperature", "top_p", "max_output_tokens", "previous_response_id",
        "prompt_cache_key",
        "reasoning", "service_tier", "text", "tool_choice", "parallel_tool_calls", "truncation", "user",
        "safety_identifier", "max_tool_calls", "top_logprobs",
    ]
    /// It is read with every poll: longer ones are shown with the answer.
    private static let longest = 512

    private static func echo(_ object: JSONObject) -> [UInt8] {
        JSONWriter.object { json in
            for (key, value) in object.members
            where shown.contains(key) && value.raw.count <= longest && !value.isNull {
                json.member(named: key, raw: value.raw)
            }
        }
    }
}

/// `background_options.completion_window`: by when the answer is wanted.
enum CompletionWindow: String, CaseIterable, Sendable {
    case soonest
    case twoHours = "2h"
    case eightHours = "8h"
    case day = "24h"

    var queue: String {
        switch self {
        case .soonest: "interactive"
        case .twoHours: "default"
        case .eightHours, .day: "batch"
        }
    }

    /// Nil: as the queue says.
    var deadline: Duration? {
        switch self {
        case .soonest: nil
        case .twoHours: .seconds(7200)
        case .eightHours: .seconds(28_800)
        case .day: .seconds(86_400)
        }
    }

    static func read(_ options: JSONValue?) throws(IntakeProblem) -> CompletionWindow? {
        guard let options, !options.isNull else { return nil }
        guard let object = options.object else {
            throw .field("background_options", "background_options has to be an object.")
        }
        guard let value = object["completion_window"], !value.isNull else { return nil }
        guard let window = value.string.flatMap(CompletionWindow.init) else {
            let known = allCases.map(\.rawValue).joined(separator: ", ")
            throw .field(
                "background_options.completion_window",
                "background_options.completion_window has to be one of \(known).")
        }
        return window
    }
}
