/// Why a secret or a token could not be had. Holds no secret.
package struct CloudFault: Error, CustomStringConvertible, Equatable {
    package let description: String
    /// Whether the same may succeed later: the service was away or busy. Otherwise somebody has to change something.
    package let isRetriable: Bool

    package init(_ description: String, isRetriable: Bool = false) {
        self.description = description
        self.isRetriable = isRetriable
    }
}
