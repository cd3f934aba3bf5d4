import Crypto

extension SHA256 {
    /// Name and length go first, so that no two lists of parts give the same text.
    mutating func update(part name: String, _ bytes: some Collection<UInt8>) {
        update(data: Array("\(name):\(bytes.count):".utf8))
        update(data: Array(bytes))
    }

    /// In lower case.
    func hexadecimal() -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
