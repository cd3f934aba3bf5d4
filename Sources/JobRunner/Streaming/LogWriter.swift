import JobFlow
import Synchronization

/// Writes what comes of a streamed job to its log: the first piece at once, then what came in the time of a breath as one.
///
/// The answer comes first: while the log cannot be written, the call goes on, and is settled. A log that stays without its
/// end tells its readers that they have not seen all.
final class LogWriter: AnswerSink {
    static let breath = Duration.milliseconds(10)
    private static let pause = Duration.milliseconds(100)
    /// How long an answer that is whole waits for its log.
    private static let patience = Duration.seconds(3)

    private let log: any JobEvents
    private let claim: Claim
    private let events: RunnerEvents
    private let state = Mutex(PendingLog())
    private let bell = Wakeup()

    init(_ claim: Claim, log: any JobEvents, events: RunnerEvents) {
        self.claim = claim
        self.log = log
        self.events = events
    }

    func take(_ events: [UInt8], attempt: Int) {
        state.withLock { $0.take(events, attempt: attempt) }
        bell.raise()
    }

    /// Nothing more comes.
    ///
    /// - Parameter whole: the attempt whose answer is complete.
    func end(whole: Int?) {
        state.withLock { $0.end(whole: whole) }
        bell.raise()
    }

    /// Returns when everything is written after `end`, or cannot be.
    func run() async {
        var giveUp: ContinuousClock.Instant?
        while !Task.isCancelled {
            let (step, isEnding) = state.withLock { ($0.next, $0.isEnding) }
            if isEnding { giveUp = giveUp ?? .now + Self.patience }
            switch step {
            case .rest: await bell.sleep()
            case .done: return
            case .write(let addition):
                if await write(addition) {
                    if !isEnding { try? await Task.sleep(for: Self.breath) }
                } else if let giveUp, .now >= giveUp {
                    return events.logIncomplete(claim.spec)
                } else {
                    try? await Task.sleep(for: Self.pause)
                }
            }
        }
    }

    /// False: not now.
    private func write(_ addition: JobEventAddition) async -> Bool {
        do throws(StoreError) {
            let outcome = try await log.append(addition, of: claim)
            state.withLock { outcome == .appended ? $0.written(addition) : $0.giveUp() }
            return true
        } catch {
            guard !error.isRetriable else { return false }
            events.logIncomplete(claim.spec)
            state.withLock { $0.giveUp() }
            return true
        }
    }
}
