/// Why a request is answered with a 4xx that no retry will change.
package enum Refusal: Sendable, Equatable {
    case unauthorized
    case malformedBody(String)
    case bodyTooLarge
    case missingModel
    case unknownDeployment
    case tooManyInputs
    case contentFilter
    case contextLength
}
