import HTTPTypes
import Hummingbird
import HummingbirdCore
import JobFlow
import NIOCore

/// A request on its way to a route.
struct IntakeRequest: Sendable {
    var headers: HTTPFields
    var uri: URI
    var body: RequestBody
    /// The path's variable parts, in order.
    var parameters: [String]
    /// The correlation id.
    var id: String
    var channel: any Channel
    var caller: Caller
    /// Nil where it is not traced.
    var trace: RequestTrace?

    /// How often an official SDK says that it has sent this request before; nil from any other client.
    var sdkRetries: Int? { headers[.stainlessRetryCount].flatMap { Int($0) } }

    /// The first variable part of the path, where that is a job. What is not an id is nobody's.
    func jobID() throws(IntakeProblem) -> JobID {
        guard let id = parameters.first.flatMap({ JobID($0) }) else { throw .jobNotFound }
        return id
    }

    /// The value of a query parameter; an error if it stands there more than once.
    func query(_ name: String) throws(IntakeProblem) -> String? {
        let values = uri.queryParameters.filter { $0.key == name[...] }
        guard values.count < 2 else { throw .field(name, "\(name) is given more than once.") }
        return values.first.map { String($0.value) }
    }

    /// Reads the body, and stops reading where it gets too large.
    func body(upTo limit: Int) async throws(IntakeProblem) -> [UInt8] {
        let announced = headers[.contentLength].flatMap { Int($0) }
        if let announced, announced > limit { throw Self.tooLarge(limit) }
        var bytes: [UInt8] = []
        // No more than a few packets on the word of a client.
        bytes.reserveCapacity(min(max(0, announced ?? 0), 65_536))
        do {
            for try await part in body {
                guard bytes.count + part.readableBytes <= limit else { throw Self.tooLarge(limit) }
                bytes.append(contentsOf: part.readableBytesView)
            }
        } catch let problem as IntakeProblem {
            throw problem
        } catch {
            throw IntakeProblem(
                .badRequest, code: "incomplete_request", "The connection ended before the body did.", retry: .unknown)
        }
        return bytes
    }

    private static func tooLarge(_ limit: Int) -> IntakeProblem {
        IntakeProblem(
            .contentTooLarge, code: "request_too_large", "The request body is larger than the \(limit) bytes allowed.")
    }
}
