import ServiceLifecycle
import UnixSignals

/// A second SIGTERM or SIGINT: whoever asks twice does not want to wait for the drain. The first one is the group's.
struct SecondSignal: Service {
    let hurry: @Sendable () -> Void

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        await cancelWhenGracefulShutdown {
            var count = 0
            for await _ in signals {
                count += 1
                if count == 2 { hurry() }
            }
        }
    }
}
