/// SplitMix64: a few instructions per number and the same sequence on every machine.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return Self.mix(state)
    }

    /// Evenly from 0 (inclusive) to 1 (exclusive).
    package mutating func share() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Spreads any number over all 64 bits; equal in, equal out.
    package static func mix(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}
