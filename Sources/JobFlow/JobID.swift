/// The name of a job: `job_<partition>_<26 characters>`, where the last part is a ULID (48 bits of milliseconds, 80 bits
/// of randomness, Crockford base 32 in lower case: https://github.com/ulid/spec).
///
/// The partition is part of the name, so that whoever holds an id knows the Redis slot of everything about the job.
/// Held as numbers, because ids are copied, compared and hashed far more often than they are written out.
package struct JobID: Hashable, Sendable, CustomStringConvertible {
    package let partition: Int
    let high: UInt64
    let low: UInt64

    package init(partition: Int, createdAt: Timestamp, random: inout some RandomNumberGenerator) {
        self.partition = partition
        high = UInt64(max(0, createdAt.milliseconds)) << 16 | random.next() & 0xffff
        low = random.next()
    }

    /// The job of a line of a batch.
    package init(batch: BatchID, line: Int, partition: Int) {
        self.partition = partition
        high = batch.high
        low = batch.low | UInt64(line) & BatchID.lineMask
    }

    /// Reads an id back; nil for anything that Sluice did not make.
    package init?(_ text: some StringProtocol) { self.init(utf8: Array(text.utf8)[...]) }

    /// The same from the bytes of its text.
    package init?(utf8 text: ArraySlice<UInt8>) {
        guard text.starts(with: "job_".utf8) else { return nil }
        let name = text.dropFirst(4)
        guard let end = name.firstIndex(of: UInt8(ascii: "_")), let partition = Self.partition(name[..<end]),
            let ulid = Self.decode(name[end...].dropFirst())
        else { return nil }
        self.partition = partition
        (high, low) = ulid
    }

    package var description: String {
        let head = "job_\(partition)_"
        let length = head.utf8.count + Self.ulidLength
        return unsafe String(unsafeUninitializedCapacity: length) { buffer in
            let (_, end) = unsafe buffer.initialize(from: head.utf8)
            unsafe write(to: buffer[end...])
            return length
        }
    }

    /// The name of a job that is a background response of the Responses API.
    package var responseName: String { "resp_" + description.dropFirst("job_".count) }

    package var ulid: String {
        unsafe String(unsafeUninitializedCapacity: Self.ulidLength) { buffer in
            unsafe write(to: buffer[...])
            return Self.ulidLength
        }
    }

    private static let ulidLength = 26

    private func write(to text: Slice<UnsafeMutableBufferPointer<UInt8>>) {
        var text = unsafe text
        var bits = (high, low)
        for index in unsafe (text.startIndex..<text.startIndex + Self.ulidLength).reversed() {
            unsafe text[index] = Self.alphabet[Int(bits.1 & 31)]
            bits.1 = bits.1 >> 5 | bits.0 << 59
            bits.0 >>= 5
        }
    }

    /// Partitions are written without leading zeros, so that one job has one spelling.
    private static func partition(_ digits: ArraySlice<UInt8>) -> Int? {
        guard 1...5 ~= digits.count, digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
        var number = 0
        for digit in digits {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }

    private static func decode(_ text: ArraySlice<UInt8>) -> (UInt64, UInt64)? {
        // 26 characters hold 130 bits, a ULID has 128.
        guard text.count == ulidLength, let first = text.first, first <= UInt8(ascii: "7") else { return nil }
        var bits: (UInt64, UInt64) = (0, 0)
        for byte in text {
            let value = values[Int(byte)]
            guard value < 32 else { return nil }
            bits.0 = bits.0 << 5 | bits.1 >> 59
            bits.1 = bits.1 << 5 | UInt64(value)
        }
        return bits
    }

    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// The alphabet, turned round; 255 for what is not in it.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        return values
    }()
}
