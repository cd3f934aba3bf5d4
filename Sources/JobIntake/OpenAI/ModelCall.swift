import HTTPTypes
import JobFlow

/// The body of a call as an OpenAI client makes it: the upstream request itself.
struct ModelCall: Sendable {
    let path: UpstreamPath
    let object: JSONObject
    let model: String?
    /// Where the path names the model, and not the body.
    let deployment: String?
    /// What the upstream is asked: the client's bytes, unless something in them is for us.
    let body: [UInt8]
    /// Nil for a call that is waited for.
    let background: BackgroundTerms?
    let isStreamed: Bool

    /// - Parameters:
    ///   - deployment: from the path; the model, if the body has none.
    ///   - endpoints: of the pool; whether one of them needs the model in the body.
    init(
        _ bytes: [UInt8], path: UpstreamPath, deployment: String?, models: [String]?, endpoints: [IntakeEndpoint]?
    ) throws(IntakeProblem) {
        self.path = path
        object = try JobRequest.object(bytes[...])
        for name in ["model", "stream", "background", "background_options", "store"]
        where object.members.count(where: { $0.key == name }) > 1 {
            throw .field(name, "\(name) is given more than once.")
        }
        isStreamed = try Self.isStreamed(object, path)
        let named = try Self.model(object)
        model = named ?? deployment
        self.deployment = named == nil ? deployment : nil
        try Self.check(model, models)
        background = path == .responses ? try BackgroundTerms(object) : nil
        let own = background == nil ? bytes : object.without(BackgroundTerms.members)
        body = named == nil ? Self.filled(own, model, endpoints) : own
    }

    private static func isStreamed(_ object: JSONObject, _ path: UpstreamPath) throws(IntakeProblem) -> Bool {
        guard let value = object["stream"], !value.isNull else { return false }
        guard let isWanted = value.bool else { throw .field("stream", "stream has to be true or false.") }
        guard !isWanted || path != .embeddings else {
            throw .field("stream", "Embeddings do not stream.", code: "not_supported")
        }
        return isWanted
    }

    private static func model(_ object: JSONObject) throws(IntakeProblem) -> String? {
        guard let value = object["model"], !value.isNull else { return nil }
        guard let name = value.string else { throw .field("model", "model has to be a string.") }
        return name
    }

    private static func check(_ model: String?, _ models: [String]?) throws(IntakeProblem) {
        guard let model, let models, !models.contains(model) else { return }
        throw .modelNotFound(model, models)
    }

    /// An endpoint that is a deployment needs no model in the body.
    private static func filled(_ body: [UInt8], _ model: String?, _ endpoints: [IntakeEndpoint]?) -> [UInt8] {
        guard let model else { return body }
        if let endpoints, endpoints.allSatisfy({ !$0.serves(model) || $0.deployment != nil }) { return body }
        return (try? JSONObject(parsing: body))?.with(model: model) ?? body
    }
}

extension IntakeProblem {
    static func modelNotFound(_ model: String, _ models: [String]) -> IntakeProblem {
        let known = models.prefix(50).joined(separator: ", ")
        return IntakeProblem(
            .notFound, code: "model_not_found",
            "The model \(model.clipped) does not exist: no endpoint serves it. Served are \(known).", param: "model")
    }
}
