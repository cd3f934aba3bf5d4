package import Curl
import JobFlow

/// The way to the services that keep secrets. A value, so that tests can answer in their place.
package struct CloudHTTP: Sendable {
    /// Of one exchange; nobody waits for a secret much longer.
    static let timeout = Duration.seconds(10)

    private let exchange: @Sendable (CurlRequest) async throws(CurlError) -> CurlResponse

    package init(_ exchange: @escaping @Sendable (CurlRequest) async throws(CurlError) -> CurlResponse) {
        self.exchange = exchange
    }

    package init(_ client: CurlClient) {
        self.init { request async throws(CurlError) in try await client.send(request) }
    }

    /// - Parameter service: as an error names it.
    func send(_ request: CurlRequest, to service: String) async throws(CloudFault) -> CurlResponse {
        do throws(CurlError) { return try await exchange(request) } catch {
            throw CloudFault("\(service) cannot be reached: \(error.message)", isRetriable: true)
        }
    }

    /// The JSON object of a 200.
    func object(_ request: CurlRequest, from service: String) async throws(CloudFault) -> JSONObject {
        let response = try await send(request, to: service)
        guard response.status == 200 else { throw Self.refusal(service, response) }
        guard let object = try? JSONObject(parsing: response.body) else {
            throw CloudFault("\(service) answered 200 with something that is no JSON object", isRetriable: true)
        }
        return object
    }

    /// What the service called the fault, without its text: that may repeat what was sent.
    static func refusal(_ service: String, _ response: CurlResponse) -> CloudFault {
        let code = errorCode(response.body).map { " (\($0))" } ?? ""
        let isBusy = response.status >= 500 || response.status == 429 || response.status == 408
        return CloudFault("\(service) answered \(response.status)\(code)", isRetriable: isBusy)
    }

    /// AWS: `__type` in JSON, or `<Code>` in XML. Entra: `error`.
    private static func errorCode(_ body: [UInt8]) -> String? {
        if let object = try? JSONObject(parsing: body) {
            let name = object["__type"]?.string ?? object["error"]?.string ?? object["code"]?.string
            return name.map { String($0.split(separator: "#").last ?? "").clippedWord }
        }
        return XMLText.element("Code", in: String(decoding: body, as: UTF8.self))?.clippedWord
    }
}

extension String {
    /// What may stand in an error: a name, not a text.
    fileprivate var clippedWord: String {
        String(filter { $0.isLetter || $0.isNumber || "._-".contains($0) }.prefix(64))
    }
}

/// The little XML that AWS' token service speaks.
enum XMLText {
    /// The text of the first element of that name.
    static func element(_ name: String, in text: String) -> String? {
        guard let open = text.firstRange(of: "<\(name)>"),
            let close = text[open.upperBound...].firstRange(of: "</\(name)>")
        else {
            return nil
        }
        return String(text[open.upperBound..<close.lowerBound])
    }
}
