/// A block of addresses, as `10.0.0.0/8` or `fc00::/7`. A single address is a block of one.
package struct NetworkRange: Hashable, Sendable {
    private let start: NetworkAddress
    /// Bits of the address that count, 0…128.
    private let bits: Int

    /// Nil for anything else. Bits behind the prefix are ignored.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, let address = NetworkAddress(first) else { return nil }
        let isV6 = first.contains(":")
        let width = isV6 ? 128 : 32
        var length = width
        if parts.count == 2 {
            guard parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(parts[1]), number <= width
            else { return nil }
            length = number
        }
        start = address
        bits = isV6 ? length : 96 + length
    }

    package func contains(_ address: NetworkAddress) -> Bool {
        let high = address.high ^ start.high
        let low = address.low ^ start.low
        // Shifts by the whole width and more give zero.
        return bits <= 64 ? high >> (64 - bits) == 0 : high == 0 && low >> (128 - bits) == 0
    }
}
