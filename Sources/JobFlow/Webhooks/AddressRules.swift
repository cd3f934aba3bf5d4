/// Which addresses a URL that a stranger named may lead to: public ones, and those that the operator allows. What is not
/// public is taken from the IANA special-purpose address registries (RFC 6890), and with IPv6 everything beyond 2000::/3,
/// the only space from which public addresses are given out.
package struct AddressRules: Sendable, Equatable {
    package var allowed: [NetworkRange]

    package init(allowed: [NetworkRange] = []) { self.allowed = allowed }

    package func permits(_ address: NetworkAddress) -> Bool {
        allowed.contains { $0.contains(address) } || Self.isPublic(address)
    }

    private static func isPublic(_ address: NetworkAddress) -> Bool {
        let family = v4.contains(address) ? reservedV4 : reservedV6
        return (v4.contains(address) || givenOut.contains(address)) && !family.contains { $0.contains(address) }
    }

    private static let v4 = range("::ffff:0:0/96")
    private static let givenOut = range("2000::/3")

    private static let reservedV4 = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
    ].map(range)

    /// Teredo and 6to4 carry an IPv4 address inside of them, which nobody would look at.
    private static let reservedV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map(range)

    private static func range(_ text: String) -> NetworkRange {
        guard let range = NetworkRange(text) else { preconditionFailure("\(text) is no range of addresses") }
        return range
    }
}
