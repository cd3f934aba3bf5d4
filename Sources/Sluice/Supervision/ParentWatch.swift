import Dispatch
import Glibc
import ServiceLifecycle

/// Ends a supervised process gracefully when its supervisor is gone: the supervisor holds the other end of our standard
/// input, and never writes.
struct ParentWatch: Service {
    func run() async throws {
        await cancelWhenGracefulShutdown { await Self.endOfInput() }
    }

    /// Returns when standard input is closed, or the task is cancelled.
    private static func endOfInput() async {
        let source = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO)
        let (closed, closer) = AsyncStream.makeStream(of: Void.self)
        source.setEventHandler {
            var byte: UInt8 = 0
            if unsafe read(STDIN_FILENO, &byte, 1) <= 0 { closer.finish() }
        }
        source.activate()
        for await _ in closed {}
        source.cancel()
    }
}
