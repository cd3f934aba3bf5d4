import HTTPTypes
import Hummingbird
import HummingbirdCore
import JobFlow
import NIOCore

extension Response {
    static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        // What is set here, and what is added on the way: the length, the id of the request, the date.
        headers.reserveCapacity(headers.count + 5)
        headers[.contentType] = "application/json"
        // What a client polls must not be kept on the way.
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// A list that is whole: no pages.
    static func list(_ objects: [[UInt8]]) -> Response {
        .json(
            JSONWriter.object { json in
                json.member("object", "list")
                json.member("data", array: { data in for object in objects { data.element(raw: object) } })
            })
    }

    init(_ problem: IntakeProblem, headers: HTTPFields = [:]) {
        var all = problem.headers
        all.append(contentsOf: headers)
        self = .json(problem.body, status: problem.status, headers: all)
    }
}
