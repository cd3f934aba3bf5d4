import JobFlow
import PoolRehearsal

/// A plan as one JSON object. Pure.
enum PlanJSON {
    static func text(_ plan: Plan) -> String {
        let bytes = JSONWriter.object { json in
            json.member("jobs", plan.jobs)
            json.member("prompt_tokens", plan.promptTokens)
            json.member("answer_tokens", plan.answerTokens)
            json.member(
                "choices",
                array: { list in
                    for outcome in plan.outcomes { list.element(object: { write(outcome, plan, to: &$0) }) }
                })
            json.member("conclusion", PlanText(plan: plan).conclusion)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func write(_ outcome: Plan.Outcome, _ plan: Plan, to json: inout JSONWriter) {
        let report = outcome.report
        json.member("spill", outcome.spill.rawValue)
        json.member("is_done", report.isDone)
        json.member("seconds", rawOrNull: number(report.time.inSeconds))
        json.member("utilisation", rawOrNull: number(report.utilisation))
        json.member("throttled", report.throttled)
        json.member("completed", report.completed)
        json.member("failed", report.failures)
        json.member("deadlines_missed", report.deadlinesMissed)
        json.member("paid_jobs", report.paid.answered)
        json.member("paid_prompt_tokens", report.paid.promptTokens)
        json.member("paid_completion_tokens", report.paid.completionTokens)
        json.member("cost", rawOrNull: number(plan.cost(report)))
        json.member("p50_seconds", rawOrNull: number(report.p50.inSeconds))
        json.member("p95_seconds", rawOrNull: number(report.p95.inSeconds))
    }

    /// To a thousandth.
    private static func number(_ value: Double?) -> [UInt8]? {
        value.map { Array("\(($0 * 1000).rounded() / 1000)".utf8) }
    }
}
