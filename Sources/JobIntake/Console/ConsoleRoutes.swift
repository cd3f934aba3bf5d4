import Crypto
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import WebConsole

/// `GET /console` and the files that it asks for. They are the same for everybody and ask for no key: what the page shows it
/// gets from the other routes, which do.
struct ConsoleRoutes: Sendable {
    private struct Kept: Sendable {
        var file: ConsoleFile
        var tag: String

        init(_ file: ConsoleFile) {
            self.file = file
            let digest = SHA256.hash(data: file.bytes).prefix(12)
            tag = "\"" + digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\""
        }
    }

    private static let page = Kept(ConsoleFile.page)
    private static let parts = Dictionary(uniqueKeysWithValues: ConsoleFile.parts.map { ($0.name, Kept($0)) })

    func page(_ request: IntakeRequest) -> Response { Self.response(Self.page, request.headers) }

    func part(_ request: IntakeRequest) throws(IntakeProblem) -> Response {
        guard let part = request.parameters.first.flatMap({ Self.parts[$0] }) else { throw .unknownPath }
        return Self.response(part, request.headers)
    }

    /// A browser asks each time whether what it has is still right, so that a new version is seen at once.
    private static func response(_ kept: Kept, _ asked: HTTPFields) -> Response {
        var headers = guards
        headers[.eTag] = kept.tag
        headers[.cacheControl] = "no-cache"
        if knows(kept.tag, asked) { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = kept.file.type
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: kept.file.bytes)))
    }

    private static func knows(_ tag: String, _ asked: HTTPFields) -> Bool {
        guard let tags = asked[.ifNoneMatch] else { return false }
        // A proxy that compresses on the way makes a tag weak.
        return tags == "*" || tags.split(separator: ",").contains { $0.hasSuffix(tag) }
    }

    /// Nothing but the files beside it, and no page around it. `trusted-types 'none'`: no script may make markup of text.
    private static let guards: HTTPFields = [
        .contentSecurityPolicy: """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
        form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'
        """,
        .xContentTypeOptions: "nosniff", .referrerPolicy: "no-referrer", .openerPolicy: "same-origin",
    ]
}
