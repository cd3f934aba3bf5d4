import Foundation
import JobFlow
import Synchronization
import TestKit
import Testing

@testable import FileSubmission

/// The whole way of a file, against an intake in memory. A process that is killed is a run that stops in the middle of a call.
@Suite struct SubmitRunTests {
    struct Killed: Error {}

    @Test(arguments: ResultOrder.allCases) func `every line has one result`(order: ResultOrder) async throws {
        try await withFolder { folder in
            let intake = ScriptedIntake()
            let tally = try await run(folder, intake, lines: 2500, order: order)
            #expect((tally.total, tally.submitted, tally.ended) == (2500, 2500, 2500))
            #expect((tally.rejected, tally.failed) == (25, 250))
            try check(folder, intake, lines: 2500, order: order)
        }
    }

    @Test(arguments: 1...12) func `killed again and again, each line is one job and has one result`(seed: UInt64)
        async throws
    {
        try await withFolder { folder in
            let order = ResultOrder.allCases[Int(seed % 2)]
            let next = Mutex(Int(seed))
            let intake = ScriptedIntake(seed: seed, faults: 20) { calls in
                let dies = next.withLock { next in
                    guard abs(calls) >= next, next < 400 else { return false }
                    next += 1 + Int(seed) + abs(calls) % 17
                    return true
                }
                if dies { throw Killed() }
            }
            var runs = 0
            while true {
                runs += 1
                do { try await run(folder, intake, lines: 1500, order: order); break } catch is Killed {}
            }
            #expect(runs > 2)
            try check(folder, intake, lines: 1500, order: order)
        }
    }

    @Test func `a line that has ended and is forgotten is not submitted again`() async throws {
        try await withFolder { folder in
            let isArmed = Mutex(true)
            let intake = ScriptedIntake(interrupt: { calls in
                let dies =
                    calls <= -3
                    && isArmed.withLock { armed in
                        defer { armed = false }
                        return armed
                    }
                if dies { throw Killed() }
            })
            await #expect(throws: Killed.self) { try await run(folder, intake, lines: 200) }
            // What was sent ended, and nobody knows that it arrived.
            intake.state.withLock { state in
                state.ended += Set(state.accepted.keys).subtracting(state.ended).sorted()
                state.forgets = true
            }
            try await run(folder, intake, lines: 200)
            try check(folder, intake, lines: 200)
        }
    }

    @Test func `a finished submission has nothing left to do`() async throws {
        try await withFolder { folder in
            let intake = ScriptedIntake()
            let first = try await run(folder, intake, lines: 30)
            let calls = intake.state.withLock(\.calls)
            let second = try await run(folder, intake, lines: 30)
            #expect(second.completed == first.completed && second.failed == first.failed)
            #expect(intake.state.withLock(\.calls) == calls)
            try check(folder, intake, lines: 30)
        }
    }

    @Test func `what was submitted without waiting can be waited for later`() async throws {
        try await withFolder { folder in
            let intake = ScriptedIntake()
            try await run(folder, intake, lines: 150, waits: false)
            #expect(intake.state.withLock(\.accepted.count) == 148)
            try await run(folder, intake, lines: 150)
            try check(folder, intake, lines: 150)
        }
    }

    @Test func `a changed file, other options, a foreign output and a second process are refused`() async throws {
        try await withFolder { folder in
            try await run(folder, ScriptedIntake(), lines: 10)
            await #expect { try await run(folder, ScriptedIntake(), lines: 11) } throws: {
                "\($0)".contains("has changed")
            }
            await #expect { try await run(folder, ScriptedIntake(), lines: 10, queue: "x") } throws: {
                "\($0)".contains("other options")
            }
            let held = try StateFile(folder + "/out.state")
            await #expect { try await run(folder, ScriptedIntake(), lines: 10) } throws: { "\($0)".contains("in use") }
            _ = held
            try FileManager.default.removeItem(atPath: folder + "/out.state")
            await #expect { try await run(folder, ScriptedIntake(), lines: 10) } throws: {
                "\($0)".contains("is there already")
            }
        }
    }

    @discardableResult private func run(
        _ folder: String, _ intake: ScriptedIntake, lines: Int, order: ResultOrder = .finish, waits: Bool = true,
        queue: String? = nil
    ) async throws -> SubmitTally {
        let text = (1...lines).map { $0 % 100 == 50 ? "bad" : "{\"n\":\($0)}" }.joined(separator: "\n")
        try text.write(toFile: folder + "/in", atomically: true, encoding: .utf8)
        let submission = try await Submission(
            Submission.Request(
                file: folder + "/in", form: .batch, queue: queue, waits: waits, output: waits ? folder + "/out" : nil,
                order: order, state: folder + "/out.state"), newKey: { "key" })
        let clock = Mutex(Duration.zero)
        let run = SubmitRun(
            input: submission.input, size: submission.header.input.bytes, form: .batch, intake: intake,
            desk: submission.desk, parallel: 3, waits: waits, now: { clock.withLock(\.self) },
            sleep: { wait in
                clock.withLock { $0 += wait }
                try Task.checkCancellation()
                await Task.yield()
            })
        try await run.run()
        try await submission.desk.close(at: clock.withLock(\.self))
        return await submission.desk.tally
    }

    private func check(_ folder: String, _ intake: ScriptedIntake, lines: Int, order: ResultOrder = .finish) throws {
        let results = try String(contentsOfFile: folder + "/out", encoding: .utf8).split(separator: "\n")
            .map { try #require(ResultLine(Array($0.utf8)[...])).line }
        #expect(results.sorted() == Array(1...lines))
        if order == .input { #expect(results == Array(1...lines)) }
        let jobs = intake.state.withLock(\.accepted)
        #expect(jobs.count == (1...lines).count { $0 % 100 != 50 })
        #expect(jobs.values.allSatisfy { $0 == 1 })
    }

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("submit-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }
}
