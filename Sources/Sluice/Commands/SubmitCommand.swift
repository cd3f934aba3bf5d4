import ArgumentParser
import Foundation
import JobFlow

struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Submits the prompts of a file.",
        discussion: """
            Lines are those of an OpenAI batch file, or with --text one prompt each.
            Example: sluice submit prompts.txt --text --model gpt-4o --wait --output answers.jsonl
            Without --wait it prints the id of each job and ends.
            """)

    @OptionGroup var options: ClientOptions

    @Argument(help: "The file, or - for standard input.")
    var file: String

    @Flag(name: .long, help: "Each line is a prompt.")
    var text = false

    @Option(name: .long, help: "The model, for --text.")
    var model: String?

    @Option(name: .long, help: "The queue of jobs that name none.")
    var queue: String?

    @Flag(name: .long, help: "Waits for the answers and writes them as JSON lines, as they come.")
    var wait = false

    @Option(name: .long, help: "Where the results go; standard output if not given.")
    var output: String?

    @Option(name: .long, help: "Lines under way at once.")
    var parallel = 256

    func validate() throws {
        guard 1...10_000 ~= parallel else { throw ValidationError("--parallel: 1 to 10000 was expected") }
        if model != nil, !text {
            throw ValidationError("--model goes with --text; a batch line has its model in its body")
        }
    }

    func run() async throws {
        let lines = LineFile(path: file)
        let progress = Progress()
        let total = try await lines.count()
        await progress.update { $0.total = total }
        let sink = try OutputFile(output)
        let (text, model, queue) = (text, model, queue)
        let run = SubmitRun(
            client: try options.client(), progress: progress, waits: wait, parallel: parallel, runID: UUID().uuidString,
            body: { line in
                text
                    ? SubmitLine.text(line, model: model, queue: queue)
                    : try SubmitLine.batch(Array(line.utf8), queue: queue)
            }, output: { try await sink.write($0) })
        try await withThrowingTaskGroup { group in
            if wait { group.addTask { await progress.run() } }
            defer { group.cancelAll() }
            try await run.run(lines)
        }
        try await report(progress)
    }

    private func report(_ progress: Progress) async throws {
        if wait { await progress.finish() }
        let tally = await progress.result
        if let retried = tally.mostRetried { note("retried: \(retried.id) took \(retried.attempts) attempts") }
        if !wait { note("\(tally.submitted) submitted, \(tally.rejected) rejected") }
        if tally.failed + tally.rejected > 0 { throw ExitCode.failure }
    }

    private func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
