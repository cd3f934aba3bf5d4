import JobFlow
import Synchronization
import TestKit

@testable import FileSubmission

/// An intake in memory. Lines that say `bad` are rejected; every other becomes a job once, and ends when it is looked at.
final class ScriptedIntake: BatchIntake {
    struct State {
        /// How often each line became a job.
        var accepted: [Int: Int] = [:]
        /// Jobs that have ended, in the order of their ends.
        var ended: [Int] = []
        var calls = 0
        var random: SeededGenerator
        /// Jobs whose record is gone; a line that is sent again would be a new job.
        var forgets = false
    }

    let state: Mutex<State>
    /// Of a hundred calls, so many fail, half of them after they were executed.
    let faults: Int
    /// Called before each call; throws what it likes.
    let interrupt: @Sendable (_ calls: Int) throws -> Void

    init(seed: UInt64 = 1, faults: Int = 0, interrupt: @escaping @Sendable (Int) throws -> Void = { _ in }) {
        state = Mutex(State(random: SeededGenerator(seed: seed)))
        (self.faults, self.interrupt) = (faults, interrupt)
    }

    func send(_ body: [UInt8], firstLine: Int) async throws -> BatchReply {
        try begin()
        var rejected: [LineRejection] = []
        for (index, line) in body.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            guard !line.isEmpty else { continue }
            let number = firstLine + index
            if String(decoding: line, as: UTF8.self).contains("bad") {
                rejected.append(LineRejection(line: number, code: "invalid_json", message: "bad"))
            } else {
                state.withLock { state in
                    let isThere = state.accepted[number] != nil && !(state.forgets && state.ended.contains(number))
                    if !isThere { state.accepted[number, default: 0] += 1 }
                }
            }
        }
        try end()
        return BatchReply(batch: "batch", rejected: rejected)
    }

    func results(of batch: String, after: String?) async throws -> ResultsPage {
        try begin()
        let page = state.withLock { state -> ResultsPage? in
            guard !state.accepted.isEmpty else { return nil }
            let living = Set(state.accepted.keys).subtracting(state.ended).sorted()
            for line in living.shuffled(using: &state.random) where Bool.random(using: &state.random) {
                state.ended.append(line)
            }
            let start = after.flatMap { Int($0) } ?? 0
            let lines = state.ended.dropFirst(start).prefix(50)
            return ResultsPage(
                entries: lines.map { ResultsPage.Entry(line: $0, id: "job_\($0)", job: job($0)) },
                hasMore: lines.count == 50, next: String(start + lines.count))
        }
        guard let page else { throw IntakeTrouble.unknown("no batch") }
        try end()
        return page
    }

    func living(in batch: String) async throws -> Int { state.withLock { $0.accepted.count - $0.ended.count } }

    func ended(_ job: String) async throws -> JSONObject? { nil }

    private func job(_ line: Int) -> JSONObject? {
        let status = line % 10 == 3 ? "failed" : "completed"
        let text = #"{"id":"job_\#(line)","status":"\#(status)","custom_id":"c-\#(line)","error":null,"attempts":1}"#
        return try? JSONObject(parsing: Array(text.utf8))
    }

    private func begin() throws {
        let (calls, fails) = state.withLock { state in
            state.calls += 1
            return (state.calls, Int.random(in: 0..<200, using: &state.random) < faults)
        }
        try interrupt(calls)
        if fails { throw IntakeTrouble.away("before") }
    }

    private func end() throws {
        let (calls, fails) = state.withLock { state in
            (state.calls, Int.random(in: 0..<200, using: &state.random) < faults)
        }
        try interrupt(-calls)
        if fails { throw IntakeTrouble.away("after") }
    }
}
