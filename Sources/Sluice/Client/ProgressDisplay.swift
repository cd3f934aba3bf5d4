import FileSubmission
import Glibc
import JobFlow

/// Shows how far a submission is on standard error: a bar that is redrawn on a terminal, a line now and then elsewhere.
actor ProgressDisplay {
    private let desk: SubmissionDesk
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var window = RateWindow()
    private var shown: String?

    init(_ desk: SubmissionDesk) { self.desk = desk }

    /// Redraws until cancelled.
    func run() async {
        let pause = isTerminal ? Duration.milliseconds(100) : .seconds(5)
        window.saw(await desk.tally.done, at: Uptime.now)
        while !Task.isCancelled {
            try? await Task.sleep(for: pause)
            if !Task.isCancelled { await draw() }
        }
    }

    func finish() async {
        await draw()
        if isTerminal { Self.write("\n") }
    }

    private func draw() async {
        let tally = await desk.tally
        let now = Uptime.now
        window.saw(tally.done, at: now)
        let rate = window.rate(tally.done, at: now)
        let text =
            isTerminal
            ? ProgressText.bar(tally, rate: rate, width: Self.columns()) : ProgressText.plain(tally, rate: rate)
        guard text != shown else { return }
        shown = text
        Self.write(isTerminal ? "\r" + text + "\u{1b}[K" : text + "\n")
    }

    private static func columns() -> Int {
        var size = winsize()
        guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col) - 1
    }

    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

/// By a clock that nobody sets.
enum Uptime {
    private static let start = ContinuousClock.now

    static var now: Duration { start.duration(to: .now) }
}
