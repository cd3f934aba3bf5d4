/// An address of the internet protocol: 128 bits of IPv6, where one of IPv4 is `::ffff:a.b.c.d` (RFC 4291, 2.5.5.2). So an
/// IPv4 address is the same whichever way it is spelled.
package struct NetworkAddress: Hashable, Sendable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(v4: UInt32) { self.init(high: 0, low: 0xffff_0000_0000 | UInt64(v4)) }

    /// Four decimal numbers, or IPv6 as RFC 4291, 2.2 writes it. Nil for anything else: zones, octal and short forms too.
    package init?(_ text: some StringProtocol) {
        if let v4 = Self.v4(text) {
            self.init(v4: v4)
        } else {
            guard let groups = Self.groups(of: text), groups.count == 8 else { return nil }
            self.init(high: Self.word(groups[0..<4]), low: Self.word(groups[4..<8]))
        }
    }

    private static func word(_ groups: ArraySlice<UInt16>) -> UInt64 { groups.reduce(0) { $0 << 16 | UInt64($1) } }

    private static func v4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            // A leading zero would mean octal to some.
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part.utf8.count == 1 || part.utf8.first != 0x30, let byte = UInt8(part)
            else { return nil }
            address = address << 8 | UInt32(byte)
        }
        return address
    }

    /// Eight groups, with what `::` stands for filled in.
    private static func groups(of text: some StringProtocol) -> [UInt16]? {
        let halves = split(text)
        guard let first = halves.first, halves.count <= 2, let head = plain(first, isLast: halves.count == 1) else {
            return nil
        }
        guard halves.count == 2 else { return head }
        guard let tail = plain(halves[1], isLast: true), head.count + tail.count < 8 else { return nil }
        return head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    private static func split(_ text: some StringProtocol) -> [Substring] {
        var (parts, rest) = ([Substring](), Substring(text))
        while let range = rest.firstRange(of: "::") {
            parts.append(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        return parts + [rest]
    }

    /// Groups without a gap; the last two may be written as an IPv4 address.
    private static func plain(_ text: Substring, isLast: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if isLast, index == parts.count - 1, let v4 = v4(part) {
                groups += [UInt16(v4 >> 16), UInt16(v4 & 0xffff)]
                continue
            }
            guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit), let group = UInt16(part, radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups
    }
}
