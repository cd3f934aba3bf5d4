import Curl
package import JobFlow

/// The token of this process, renewed ahead of its end. The old one serves for as long as it is valid, should a new one not be
/// had.
package actor EntraTokens {
    private let place: CloudPlace
    private let identity: EntraIdentity
    private let http: CloudHTTP
    private let now: WallClock
    private var current: EntraToken?

    package init(_ place: CloudPlace, http: CloudHTTP, now: @escaping WallClock) {
        self.place = place
        self.http = http
        self.now = now
        identity = EntraIdentity.find(place)
    }

    /// - Parameter isRefused: what is known was not accepted, and is of no use any more.
    package func token(isRefused: Bool = false) async throws(CloudFault) -> EntraToken {
        if isRefused { current = nil }
        if let current, current.isFresh(at: now()) { return current }
        do throws(CloudFault) {
            let object = try await http.object(try identity.request(place), from: "Microsoft Entra ID")
            guard let token = EntraToken(object, at: now()) else {
                throw CloudFault("Microsoft Entra ID answered without a token", isRetriable: true)
            }
            current = token
            return token
        } catch {
            if let current, current.expiresAt > now() { return current }
            throw error
        }
    }
}
