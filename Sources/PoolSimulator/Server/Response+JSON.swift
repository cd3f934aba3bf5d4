import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    init(json value: AdminValue, status: HTTPResponse.Status = .ok) {
        self.init(status: status, headers: [.contentType: "application/json"], body: .init(byteBuffer: value.json))
    }

    init(_ error: AzureError, headers: HTTPFields = HTTPFields()) {
        var headers = headers
        headers[.contentType] = "application/json"
        self.init(status: error.status, headers: headers, body: .init(byteBuffer: error.body))
    }

    /// Stands where a response must be returned though the connection is closed; nobody will see it.
    static var unsendable: Response { Response(status: .internalServerError) }
}
