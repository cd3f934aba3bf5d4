import Foundation
import JobFlow
import PoolRehearsal

/// A plan as a table for people, with a sentence of conclusion. Pure.
struct PlanText {
    let plan: Plan

    var text: String { [head, TextTable.text(titles, plan.outcomes.map(row)), conclusion].joined(separator: "\n\n") }

    private var head: String {
        let (jobs, prompt, answer) = (plan.jobs, plan.promptTokens, plan.answerTokens)
        return "\(Self.jobs(jobs)) with \(Self.count(prompt)) tokens to read and \(Self.count(answer)) to write"
    }

    private var titles: [String] {
        ["spill", "takes", "prepaid used", "429s", "paid jobs", "input tokens", "output tokens"]
            + (plan.prices == nil ? [] : ["cost"]) + (plan.hasDeadlines ? ["late"] : []) + (hasFailed ? ["failed"] : [])
    }

    private func row(_ outcome: Plan.Outcome) -> [String] {
        let report = outcome.report
        var cells = [outcome.spill.rawValue, Self.time(report), report.utilisation.map(Self.percent) ?? "-"]
        let counts = [
            report.throttled, report.paid.answered, report.paid.promptTokens, report.paid.completionTokens,
        ]
        cells += counts.map(Self.count)
        if let cost = plan.cost(report) { cells.append(Self.money(cost)) }
        if plan.hasDeadlines { cells.append(Self.count(report.deadlinesMissed)) }
        if hasFailed { cells.append(Self.count(report.failures)) }
        return cells
    }

    private var hasFailed: Bool { plan.outcomes.contains { $0.report.failures > 0 } }

    var conclusion: String {
        guard let never = plan.outcomes.first?.report else { return "" }
        let others = plan.outcomes.dropFirst().filter { $0.report.paid.answered > never.paid.answered }
        let what = others.isEmpty ? ["there is nothing to gain by spilling"] : others.map(clause)
        return (["Without spilling it takes \(Self.time(never))\(late(never))"] + what).joined(separator: "; ") + "."
    }

    private func clause(_ outcome: Plan.Outcome) -> String {
        let report = outcome.report
        let how = outcome.spill == .immediate ? "spilling at once" : "spilling for deadlines"
        let price = plan.cost(report).map { " for \(Self.money($0))" } ?? ""
        return
            "\(how) \(Self.time(report))\(late(report)), and \(Self.jobs(report.paid.answered)) paid by the token\(price)"
    }

    private func late(_ report: RehearsalReport) -> String {
        guard plan.hasDeadlines else { return "" }
        return report.deadlinesMissed == 0 ? ", with none late" : ", with \(Self.jobs(report.deadlinesMissed)) late"
    }

    private static func jobs(_ number: Int) -> String { number == 1 ? "1 job" : "\(count(number)) jobs" }

    static func time(_ report: RehearsalReport) -> String {
        report.isDone ? time(report.time) : "more than \(time(Plan.longest))"
    }

    /// Two units at most: `41 s`, `2 h 13 min`, `3 d 4 h`.
    static func time(_ time: Duration) -> String {
        let seconds = Int(time.inSeconds.rounded(.up))
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3600: return two(seconds, (60, "min"), (1, "s"))
        case ..<86_400: return two(seconds, (3600, "h"), (60, "min"))
        default: return two(seconds, (86_400, "d"), (3600, "h"))
        }
    }

    private static func two(_ seconds: Int, _ large: (Int, String), _ small: (Int, String)) -> String {
        let rest = seconds % large.0 / small.0
        return "\(seconds / large.0) \(large.1)" + (rest > 0 ? " \(rest) \(small.1)" : "")
    }

    static func count(_ number: Int) -> String { number.formatted(.number.locale(.init(identifier: "en_US"))) }

    private static func percent(_ share: Double) -> String { "\(Int((min(share, 1) * 100).rounded())) %" }

    private static func money(_ sum: Double) -> String {
        sum.formatted(.number.precision(.fractionLength(2)).locale(.init(identifier: "en_US")))
    }
}
