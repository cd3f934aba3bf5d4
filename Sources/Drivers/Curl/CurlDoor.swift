/// Who is asked before a connection is opened, as C can hold it.
final class CurlDoor: Sendable {
    private let mayConnect: @Sendable (CurlAddress) -> Bool

    init(_ mayConnect: @escaping @Sendable (CurlAddress) -> Bool) { self.mayConnect = mayConnect }

    /// A `ccurl_may_connect` whose context is a door.
    static let ask: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<UInt8>?) -> Bool = { context, bytes in
        guard let context = unsafe context, let bytes = unsafe bytes else { return false }
        let door = unsafe Unmanaged<CurlDoor>.fromOpaque(context).takeUnretainedValue()
        let address = unsafe UnsafeBufferPointer(start: bytes, count: 16)
        return unsafe door.mayConnect(CurlAddress(high: word(address[0..<8]), low: word(address[8..<16])))
    }

    private static func word(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64 {
        unsafe bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
