import Glibc
import JobFlow

/// Shows a tally on standard error: a bar that is redrawn on a terminal, a line now and then elsewhere.
actor Progress {
    private let start = ContinuousClock.now
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var tally = SubmitTally()
    private var shown: SubmitTally?

    func update(_ change: @Sendable (inout SubmitTally) -> Void) { change(&tally) }

    var result: SubmitTally { tally }

    /// Redraws until cancelled.
    func run() async {
        let pause = isTerminal ? Duration.milliseconds(100) : .seconds(2)
        while !Task.isCancelled {
            try? await Task.sleep(for: pause)
            if !Task.isCancelled { draw() }
        }
    }

    func finish() {
        draw()
        if isTerminal { Self.write("\n") }
    }

    private func draw() {
        guard tally != shown else { return }
        shown = tally
        let elapsed = ContinuousClock.now - start
        if isTerminal {
            Self.write("\r" + ProgressLine.bar(tally, elapsed: elapsed) + "\u{1b}[K")
        } else {
            Self.write(ProgressLine.plain(tally, elapsed: elapsed) + "\n")
        }
    }

    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
