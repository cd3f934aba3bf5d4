/// Names of header fields are the same in whatever case they are written.
enum HeaderName {
    static func same(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && same(one.utf8, other.utf8)
    }

    static func same(_ one: some Sequence<UInt8>, _ other: some Sequence<UInt8>) -> Bool {
        one.elementsEqual(other) { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }
}
