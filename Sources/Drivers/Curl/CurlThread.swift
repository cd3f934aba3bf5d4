import Glibc
import Synchronization

/// The thread a loop lives on.
final class CurlThread: Sendable {
    private let thread: Mutex<pthread_t?>

    init(_ loop: CurlLoop) throws(CurlError) {
        var started = pthread_t()
        let box = unsafe Unmanaged.passRetained(loop)
        let failure = unsafe pthread_create(
            &started, nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<CurlLoop>.fromOpaque(argument).takeRetainedValue().main()
                }
                return nil
            }, unsafe box.toOpaque())
        guard failure == 0 else {
            unsafe box.release()
            throw CurlError(kind: .other, message: "no thread could be started", requestWasSent: false)
        }
        thread = Mutex(started)
    }

    /// Waits for the loop to end, whoever asks and however often. The lock is held meanwhile, for the second to wait.
    func join() {
        thread.withLock { thread in
            guard let running = thread else { return }
            pthread_join(running, nil)
            thread = nil
        }
    }
}
