/// Why a request is answered with a 4xx that no retry will change.
package enum Refusal: Sendable, Equatable {
    case unauthorized
    case malformedBody(String)
    case bodyTooLarge
    case missingModel
    case unknownDeployment
    case tooManyInputs
    /// More tokens than the endpoint takes.
    case promptTooLong(limit: Int)
    case contentFilter
    case contextLength

    package var status: Int {
        switch self {
        case .unauthorized: 401
        case .unknownDeployment: 404
        case .bodyTooLarge: 413
        case .malformedBody, .missingModel, .tooManyInputs, .promptTooLong, .contentFilter, .contextLength: 400
        }
    }
}
