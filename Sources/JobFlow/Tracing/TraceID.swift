/// Names a trace: 16 bytes, not all zero.
package struct TraceID: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    /// Nil for zero, which names nothing.
    package init?(high: UInt64, low: UInt64) {
        guard high | low != 0 else { return nil }
        self.high = high
        self.low = low
    }

    /// The trace of a job whose client brought none. Every worker finds the same one, with nothing stored or asked. The
    /// bits are mixed, because collectors and `isSampled` take the low ones for random, and those of a batch's line are not.
    package init(of job: JobID) {
        low = SpanID.mixed(job.low ^ SpanID.mixed(job.high)) | 1
        high = SpanID.mixed(job.high ^ low)
    }

    /// One that nobody can guess.
    package static func random(using random: inout some RandomNumberGenerator) -> TraceID {
        TraceID(mixed: random.next(), random.next() | 1)
    }

    /// `low` is not zero.
    private init(mixed high: UInt64, _ low: UInt64) { (self.high, self.low) = (high, low) }

    package var hex: String {
        unsafe String(unsafeUninitializedCapacity: 32) { buffer in
            unsafe Hex.write(high, to: buffer, at: 0)
            unsafe Hex.write(low, to: buffer, at: 16)
            return 32
        }
    }

    /// Whether a share of all traces includes this one: the same answer from everyone who is asked.
    ///
    /// - Parameter ratio: 0 to 1. The 56 bits that W3C Trace Context wants to be random decide.
    package func isSampled(_ ratio: Double) -> Bool {
        Double(low & (1 << 56 - 1)) < ratio * Double(1 << 56 as UInt64)
    }
}

/// Names a span within its trace: 8 bytes, not all zero.
package struct SpanID: Hashable, Sendable {
    package let bits: UInt64

    /// Nil for zero, which names nothing.
    package init?(bits: UInt64) {
        guard bits != 0 else { return nil }
        self.bits = bits
    }

    /// The same for every worker that is asked for it.
    ///
    /// - Parameter number: 0 is the job itself; see `JobTrace`.
    package init(of job: JobID, number: UInt64) {
        let bits = Self.mixed(Self.mixed(job.low ^ Self.mixed(job.high)) &+ Self.mixed(number &+ 1))
        self.bits = bits == 0 ? 1 : bits
    }

    package static func random(using random: inout some RandomNumberGenerator) -> SpanID {
        SpanID(nonzero: random.next() | 1)
    }

    private init(nonzero bits: UInt64) { self.bits = bits }

    package var hex: String {
        unsafe String(unsafeUninitializedCapacity: 16) { buffer in
            unsafe Hex.write(bits, to: buffer, at: 0)
            return 16
        }
    }

    /// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): each bit of the result depends on every bit.
    static func mixed(_ bits: UInt64) -> UInt64 {
        var bits = bits &+ 0x9e37_79b9_7f4a_7c15
        bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
        return bits ^ bits >> 31
    }
}

/// Numbers in lower-case hexadecimal, the only spelling that trace contexts allow.
enum Hex {
    private static let alphabet = Array("0123456789abcdef".utf8)

    /// 16 digits.
    static func write(_ number: UInt64, to text: UnsafeMutableBufferPointer<UInt8>, at start: Int) {
        for digit in 0..<16 { unsafe text[start + digit] = alphabet[Int(number >> UInt64(60 - 4 * digit) & 15)] }
    }

    /// Nil for anything but up to 16 lower-case digits.
    static func number(_ text: ArraySlice<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for byte in text {
            switch byte {
            case 0x30...0x39: number = number << 4 | UInt64(byte - 0x30)
            case 0x61...0x66: number = number << 4 | UInt64(byte - 0x61 + 10)
            default: return nil
            }
        }
        return number
    }
}
