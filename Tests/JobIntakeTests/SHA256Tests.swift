import Testing

@testable import JobIntake

@Suite struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ])
    func `the vectors of the standard come out`(text: String, digest: String) {
        var hash = SHA256()
        hash.update(text.utf8)
        #expect(hash.hexadecimal() == digest)
    }

    @Test(arguments: [0, 1, 54, 55, 56, 57, 63, 64, 65, 127, 128, 200])
    func `it does not matter in how many pieces the bytes come`(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var whole = SHA256()
        whole.update(bytes)
        var pieces = SHA256()
        for byte in bytes { pieces.update([byte]) }
        #expect(whole.hexadecimal() == pieces.hexadecimal())
    }

    @Test func `a message that just fills a block is padded into the next`() {
        var hash = SHA256()
        hash.update(Array(repeating: UInt8(ascii: "a"), count: 64))
        #expect(hash.hexadecimal() == "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb")
    }
}
