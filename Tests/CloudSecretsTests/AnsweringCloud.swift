import Curl
import JobFlow
import Synchronization

@testable import CloudSecrets

/// Answers in the place of a cloud, and remembers what it was asked.
final class AnsweringCloud: Sendable {
    private let state = Mutex((asked: [CurlRequest](), answers: [(status: Int, body: String)]()))

    init(_ answers: (status: Int, body: String)...) { state.withLock { $0.answers = answers } }

    var asked: [CurlRequest] { state.withLock { $0.asked } }

    func answer(_ status: Int, _ body: String) { state.withLock { $0.answers.append((status, body)) } }

    /// Without an answer left it cannot be reached.
    var http: CloudHTTP {
        CloudHTTP { [self] request async throws(CurlError) in
            let answer = state.withLock { state in
                state.asked.append(request)
                return state.answers.isEmpty ? nil : state.answers.removeFirst()
            }
            guard let answer else {
                throw CurlError(kind: .connectionFailed, code: 7, message: "refused", requestWasSent: false)
            }
            return CurlResponse(status: answer.status, body: Array(answer.body.utf8))
        }
    }
}

extension CurlRequest {
    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

func place(_ environment: [String: String] = [:], files: [String: String] = [:]) -> CloudPlace {
    CloudPlace(environment: environment) { files[$0] }
}

let noon = Timestamp(milliseconds: 1_795_348_800_000)
