import Glibc
import Synchronization

/// A file descriptor that takes log lines without a buffer, so that nothing is lost in a crash.
///
/// A reader that has stalled, a pipe nobody empties, must not stop the program: after a wait of `patience` a line is
/// dropped and counted, and as long as the reader stays away the next ones are dropped at once.
package final class FileLogSink: LogSink {
    package static let standardOutput = FileLogSink(descriptor: STDOUT_FILENO)
    package static let standardError = FileLogSink(descriptor: STDERR_FILENO)

    /// POSIX says that a pipe which polls as writable takes so many bytes at once.
    private static let pipeAtom = 4096

    private struct State: Sendable {
        /// The last line was not written to its end.
        var isCut = false
        var isStalled = false
        var dropped = 0
    }

    package let isTerminal: Bool
    /// A file takes what it is given: it needs no asking.
    private let isFile: Bool
    private let descriptor: CInt
    private let ownsDescriptor: Bool
    private let patience: Duration
    private let state = Mutex(State())

    /// Does not own the descriptor. For a pipe it opens a second way in that never blocks, where it may: the pipe's own
    /// blocking mode is shared with other processes, and is left alone.
    package init(descriptor: CInt, patience: Duration = .seconds(1)) {
        var info = stat()
        let kind = unsafe fstat(descriptor, &info) == 0 ? info.st_mode & S_IFMT : 0
        let isPipe = kind == S_IFIFO
        isFile = kind == S_IFREG
        let reopened = isPipe ? unsafe open("/proc/self/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_CLOEXEC) : -1
        self.descriptor = reopened >= 0 ? reopened : descriptor
        self.patience = patience
        isTerminal = isatty(descriptor) == 1
        ownsDescriptor = reopened >= 0
    }

    deinit { if ownsDescriptor { Glibc.close(descriptor) } }

    /// Lines that were given up since the start.
    package var droppedLines: Int { state.withLock { $0.dropped } }

    package func write(_ line: [UInt8]) {
        state.withLock { state in
            // Half a line may stand there: it is ended first, so that this one can be read.
            let bytes = state.isCut ? [UInt8(ascii: "\n")] + line : line
            let written = send(bytes[...], waiting: state.isStalled ? .zero : patience)
            if written > 0 { state.isCut = written < bytes.count }
            state.isStalled = written < bytes.count
            if state.isStalled { state.dropped += 1 }
        }
    }

    /// Returns how much was written before the reader stalled or failed.
    private func send(_ bytes: ArraySlice<UInt8>, waiting patience: Duration) -> Int {
        let deadline = ContinuousClock.now + patience
        var rest = bytes
        while !rest.isEmpty {
            guard isFile || waitUntilWritable(deadline) else { break }
            let count = unsafe rest.prefix(Self.pipeAtom).withUnsafeBytes { chunk in
                unsafe Glibc.write(descriptor, chunk.baseAddress, chunk.count)
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR && errno != EAGAIN {
                break
            }
        }
        return bytes.count - rest.count
    }

    private func waitUntilWritable(_ deadline: ContinuousClock.Instant) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let left = (deadline - ContinuousClock.now) / .milliseconds(1)
            let result = unsafe poll(&request, 1, CInt(max(0, min(left.rounded(.up), 60_000))))
            // A pipe without a reader polls as writable too, and the write would raise SIGPIPE.
            if result > 0 { return Int32(request.revents) & (POLLOUT | POLLERR | POLLHUP) == POLLOUT }
            if result == 0 || errno != EINTR { return false }
        }
    }
}
