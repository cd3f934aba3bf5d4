import JobFlow
import PoolRehearsal
import PoolSimulator
import Settings

/// What a backlog would take on the pool of worker.json, for each way to spill.
struct Plan: Sendable {
    struct Outcome: Sendable {
        var spill: SpillChoice
        var report: RehearsalReport
    }

    /// A backlog that takes longer is not played to its end.
    static let longest = Duration.seconds(30 * 86_400)

    let jobs: Int
    let promptTokens: Int
    let answerTokens: Int
    let hasDeadlines: Bool
    let prices: (input: Double, output: Double)?
    let outcomes: [Outcome]

    init(_ settings: Settings, _ options: PlanOptions, _ scenario: NamedScenario?, _ jobs: [RehearsedJob]) async {
        self.jobs = jobs.count
        promptTokens = jobs.reduce(0) { $0 + Int($1.promptTokens) }
        answerTokens = jobs.reduce(0) { $0 + Int($1.outputTokens) }
        let hasDeadlines = jobs.contains { $0.deadline != nil }
        self.hasDeadlines = hasDeadlines
        prices = options.priceInput.flatMap { input in options.priceOutput.map { (input, $0) } }
        let choices: [SpillChoice] = hasDeadlines ? [.never, .atDeadline, .immediate] : [.never, .immediate]
        let setups = choices.map { ($0, RehearsalSetup(settings, options, scenario, spill: $0)) }
        outcomes = await withTaskGroup { group in
            for (spill, setup) in setups { group.addTask { Self.rehearse(spill, setup, jobs) } }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.order < $1.order }
        }
    }

    private static func rehearse(_ spill: SpillChoice, _ setup: RehearsalSetup, _ jobs: [RehearsedJob]) -> Outcome {
        var rehearsal = Rehearsal(setup, jobs)
        return Outcome(spill: spill, report: rehearsal.run(until: longest))
    }

    /// Nil without prices.
    func cost(_ report: RehearsalReport) -> Double? {
        prices.map {
            (Double(report.paid.promptTokens) * $0.input + Double(report.paid.completionTokens) * $0.output) / 1e6
        }
    }
}

extension Plan.Outcome {
    fileprivate var order: Int { [.never, .atDeadline, .immediate].firstIndex(of: spill) ?? 0 }
}
