import NIOCore

/// Ends a connection without a goodbye.
enum ConnectionReset {
    /// The layout of the C library's `linger`, whose own members NIO does not let out of its C module.
    private struct Linger: Sendable {
        let isOn: CInt = 1
        let seconds: CInt = 0
    }

    /// Closes with SO_LINGER 0, so that the kernel sends RST instead of FIN.
    static func reset(_ channel: any Channel) async {
        if let socket = channel as? any SocketOptionProvider {
            try? await socket.unsafeSetSocketOption(
                level: NIOBSDSocket.OptionLevel.socket, name: NIOBSDSocket.Option.so_linger, value: Linger()
            ).get()
        }
        await close(channel)
    }

    static func close(_ channel: any Channel) async {
        // The client may have been quicker; closed is all we want.
        try? await channel.close(mode: .all).get()
    }
}
