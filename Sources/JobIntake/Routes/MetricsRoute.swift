import Hummingbird
import HummingbirdCore
import NIOCore

/// `GET /metrics`, in the Prometheus text format.
struct MetricsRoute: Sendable {
    let text: @Sendable () -> String

    func respond() -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text())))
    }
}
