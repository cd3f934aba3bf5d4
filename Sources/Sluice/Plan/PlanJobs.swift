import JobFlow
import JobIntake
import LLMEndpoints
import PoolRehearsal

/// Reads the lines of a prompt file as jobs that all come at once. Of a prompt only its length is kept.
struct PlanJobs {
    private var configuration: IntakeConfiguration
    private let options: PlanOptions
    private let now: Timestamp
    private let queues: [String]
    /// One copy of each name, however many lines name it.
    private var models: [String: String] = [:]

    init(_ configuration: IntakeConfiguration, _ options: PlanOptions, now: Timestamp) {
        self.configuration = configuration
        // Equal prompts are answered by one call in the real queue; here each is one.
        self.configuration.cache.isOn = false
        self.options = options
        self.now = now
        queues = configuration.queues.map(\.name)
    }

    mutating func read(_ lines: LineFile) async throws -> [RehearsedJob] {
        var jobs: [RehearsedJob] = []
        var number = 0
        for try await line in lines {
            number += 1
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            do {
                jobs.append(try job(line))
            } catch {
                throw PlainError("line \(number): \(error)")
            }
        }
        guard !jobs.isEmpty else { throw PlainError("there are no prompts in it") }
        return jobs
    }

    private mutating func job(_ line: String) throws -> RehearsedJob {
        let body =
            options.text
            ? SubmitLine.text(line, model: options.model, queue: nil)
            : try SubmitLine.batch(Array(line.utf8), queue: nil)
        let submission = try CheckedSubmission(parsing: body, configuration, now: now)
        let tokens = CallTokens(body: submission.body)
        let limit = submission.path == .embeddings ? 0 : tokens.outputLimit
        let answer = options.answerTokens ?? limit.map { ($0 + 1) / 2 } ?? Self.usualAnswer
        return RehearsedJob(
            deadline: submission.deadline.map { $0 - now }, model: submission.model.map { known($0) },
            promptTokens: (tokens.promptBytes + 3) / 4, promptBytes: tokens.promptBytes, outputLimit: limit,
            outputTokens: min(answer, limit ?? .max), maxAttempts: submission.maxAttempts,
            queue: queues.firstIndex(of: submission.queue) ?? 0)
    }

    private static let usualAnswer = 256

    private mutating func known(_ model: String) -> String {
        if let known = models[model] { return known }
        models[model] = model
        return model
    }
}
