/// A whole answer, whatever its status.
package struct CurlResponse: Sendable {
    package var status: Int
    package var headers: CurlHeaders
    package var body: [UInt8]

    package init(status: Int, headers: CurlHeaders = CurlHeaders(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
