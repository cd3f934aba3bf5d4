import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

extension Response {
    static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        // What a client polls must not be kept on the way.
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    init(_ problem: IntakeProblem, headers: HTTPFields = [:]) {
        var all = problem.headers
        all.append(contentsOf: headers)
        self = .json(problem.body, status: problem.status, headers: all)
    }
}
