import Glibc

/// A TCP port on loopback that nobody uses at this moment. Somebody else may take it before we do: for the servers of
/// `--embedded`, which cannot tell us a port that they chose themselves.
enum FreePort {
    static func find() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw PlainError("no socket could be opened") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor, address, length) != 0 || getsockname(descriptor, address, &length) != 0
            }
        }
        guard !failed else { throw PlainError("no free port was found on 127.0.0.1") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
