import Hummingbird
import JobFlow

/// `GET …/models` and `…/models/{model}`: what the pool serves.
struct ListModels: Sendable {
    /// Every name that a request may give.
    let models: [String]

    init(_ configuration: IntakeConfiguration, _ pool: PoolWatch?) {
        let named = (pool?.endpoints ?? []).flatMap { [$0.model, $0.deployment].compactMap(\.self) }
        models = configuration.models ?? Array(Set(named)).sorted()
    }

    func list(_ request: IntakeRequest) throws(IntakeProblem) -> Response { .list(models.map(Self.object)) }

    func model(_ request: IntakeRequest) throws(IntakeProblem) -> Response {
        let name = request.parameters.first.map(PathPart.decoded) ?? ""
        guard models.contains(name) else { throw .modelNotFound(name, models) }
        return .json(Self.object(name))
    }

    private static func object(_ model: String) -> [UInt8] {
        JSONWriter.object { json in
            json.member("id", model)
            json.member("object", "model")
            // Nobody knows when it was made.
            json.member("created", 0)
            json.member("owned_by", "sluice")
        }
    }
}
