import ServiceLifecycle
import UnixSignals

/// Passes a SIGHUP on to the child processes, which read worker.json again.
struct HangupRelay: Service {
    let children: RunningChildren

    func run() async throws {
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        await cancelWhenGracefulShutdown {
            for await _ in hangups { children.hangUp() }
        }
    }
}
