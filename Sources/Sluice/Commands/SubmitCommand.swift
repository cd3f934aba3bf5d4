import ArgumentParser
import FileSubmission
import Foundation
import JobFlow
import UnixSignals

struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Submits the prompts of a file.",
        discussion: """
            Lines are those of an OpenAI batch file, or with --text one prompt each.
            Example: sluice submit prompts.txt --text --model gpt-4o --wait --output answers.jsonl
            Interrupted, killed or cut off, the same command goes on where it was: no line is submitted twice, and no result
            written twice. What it needs for that is in answers.jsonl.state, or where --state says.
            Without --wait it prints the id of the batch and ends.
            """)

    @OptionGroup var options: ClientOptions

    @Argument(help: "The file, or - for standard input, which is read to its end first.")
    var file: String

    @Flag(name: .long, help: "Each line is a prompt.")
    var text = false

    @Option(name: .long, help: "The model, for --text.")
    var model: String?

    @Option(name: .long, help: "The queue of jobs that name none.")
    var queue: String?

    @Flag(name: .long, help: "Waits for the answers and writes them as JSON lines.")
    var wait = false

    @Option(name: .long, help: "Where the results go; standard output if not given.")
    var output: String?

    @Option(name: .long, help: "The order of results: as the jobs finish, or that of the input.")
    var order = ResultOrder.finish

    @Option(name: .long, help: "The state file; beside the output if not given.")
    var state: String?

    @Option(name: .long, help: "Requests with up to 1000 lines each that are under way at once.")
    var parallel = 4

    func validate() throws {
        guard 1...64 ~= parallel else { throw ValidationError("--parallel: 1 to 64 was expected") }
        if model != nil, !text {
            throw ValidationError("--model goes with --text; a batch line has its model in its body")
        }
        if output != nil, !wait { throw ValidationError("--output goes with --wait") }
        if order != .finish, !wait { throw ValidationError("--order goes with --wait") }
        if state != nil, wait, output == nil {
            throw ValidationError(
                "--state with --wait needs --output: what was written to standard output cannot be known")
        }
    }

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let submission = try await Submission(
            Submission.Request(
                file: file, form: text ? .text(model: model) : .batch, queue: queue, waits: wait, output: output,
                order: order, state: state), newKey: { UUID().uuidString })
        let desk = submission.desk
        let wasDone = await desk.isDone
        let display = ProgressDisplay(desk)
        let intake = IntakeOverHTTP(client: try options.client(), key: submission.header.key, queue: queue)
        let run = SubmitRun(
            input: submission.input, size: submission.header.input.bytes, form: submission.header.form, intake: intake,
            desk: desk, parallel: parallel, waits: wait, now: { Uptime.now })
        let end = await Self.untilSignal(signals, run, display)
        try await desk.close(at: Uptime.now)
        await display.finish()
        let report = SubmitReport(
            tally: await desk.tally, rejections: await desk.rejections, state: submission.statePath)
        switch end {
        case .interrupted:
            report.lines(wasInterrupted: true).forEach(note)
            throw ExitCode(130)
        case .failed(let error):
            report.lines(wasInterrupted: true).forEach(note)
            throw error
        case .finished(let batch):
            if !wait, let batch { print(batch) }
            report.lines(wasDone: wasDone).forEach(note)
            if await !desk.tally.isFlawless { throw ExitCode.failure }
        }
    }

    private enum End: Sendable {
        case finished(batch: String?)
        case interrupted
        case failed(any Error)
    }

    /// The first SIGINT or SIGTERM ends what is under way; everything that counts is on disk already.
    private static func untilSignal(
        _ signals: UnixSignalsSequence, _ run: SubmitRun, _ display: ProgressDisplay
    ) async -> End {
        await withTaskGroup(of: End?.self) { group in
            group.addTask {
                do { return .finished(batch: try await run.run()) } catch is CancellationError { return nil } catch {
                    return .failed(error)
                }
            }
            group.addTask {
                for await _ in signals { return .interrupted }
                return nil
            }
            group.addTask {
                await display.run()
                return nil
            }
            while let end = await group.next() {
                guard let end else { continue }
                group.cancelAll()
                return end
            }
            return .interrupted
        }
    }

    private func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}

extension ResultOrder: ExpressibleByArgument {}
