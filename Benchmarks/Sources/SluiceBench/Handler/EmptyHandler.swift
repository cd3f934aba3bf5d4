import HTTPTypes
import Hummingbird
import NIOCore

/// Reads what a client sends and answers with what the intake would have said, without looking at anything.
struct EmptyHandler: HTTPResponder {
    typealias Context = BasicRequestContext

    private let accepted = ByteBuffer(string: CannedJobs.queued)
    private let job = ByteBuffer(string: CannedJobs.completed)
    private let headers: HTTPFields = [.contentType: "application/json"]

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        switch (request.method, request.uri.path) {
        case (.post, "/v1/jobs"):
            _ = try await request.body.collect(upTo: 1 << 20)
            return Response(status: .accepted, headers: headers, body: ResponseBody(byteBuffer: accepted))
        case (.get, let path) where path.hasPrefix("/v1/jobs/"):
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: job))
        default: return Response(status: .notFound)
        }
    }
}
