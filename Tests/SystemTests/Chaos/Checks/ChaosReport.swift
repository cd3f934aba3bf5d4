import Foundation
import JobFlow

/// The figures of a run, added up over its rounds.
struct ChaosReport: Sendable {
    private var faults: [ChaosFault.Kind: Int] = [:]
    private var counts: [(name: String, count: Int)] = []
    private var recovery: [Duration] = []
    private(set) var skipped: Set<ChaosFault.Kind> = []

    mutating func add(_ evidence: Evidence, skipped: Set<ChaosFault.Kind>) {
        self.skipped.formUnion(skipped)
        for fault in evidence.faults { faults[fault.kind, default: 0] += 1 }
        recovery += Recovery.times(evidence)
        let known = evidence.jobs.compactMap(\.client)
        let ends = Dictionary(grouping: evidence.jobs.filter { $0.client != nil }, by: \.state).mapValues(\.count)
        count("jobs accepted", known.count)
        count("  with an idempotency key", evidence.client.keyed)
        count("  while redis was away", evidence.client.acceptedWhileAway)
        count("  completed", ends[.completed] ?? 0)
        count("  failed", ends[.failed] ?? 0)
        count("  expired", ends[.expired] ?? 0)
        count("  cancelled", ends[.cancelled] ?? 0)
        count("lost", evidence.jobs.count(where: EndingCheck.isLost))
        count("double results", evidence.jobs.count(where: EndingCheck.isDouble))
        count("submissions that got no reply", evidence.client.unanswered.count)
        count("two ids for one key, one job", IdempotencyCheck.aliases(evidence))
        count("upstream calls", evidence.jobs.reduce(0) { $0 + $1.calls.count })
        count("extra paid answers", SpendingCheck.extra(evidence))
        count("  that the faults may have cost", SpendingCheck.allowance(evidence))
        count("calls begun for a claim that was lost", evidence.jobs.reduce(0) { $0 + SpendingCheck.late($1) })
        count("calls in the audit log only", LedgerCheck.onlyAudited(evidence))
        count("calls of claims that died", evidence.jobs.reduce(0) { $0 + LedgerCheck.unaccounted($1).count })
        count("rows missing in the audit log (disk full)", AuditCheck.missingWhileFull(evidence))
        count("leases lost without a fault (slow machine)", SpendingCheck.stalls(evidence))
    }

    var table: String {
        let kinds = ChaosFault.Kind.allCases.map { (name: "  " + $0.rawValue, count: faults[$0] ?? 0) }
        let all = [(name: "faults", count: faults.values.reduce(0, +))] + kinds + counts
        var lines = all.map { Self.line($0.name, "\($0.count)") }
        lines.append(Self.line("jobs taken over from killed workers", "\(recovery.count)"))
        if let longest = recovery.max() {
            lines.append(Self.line("  after (p50)", Self.seconds(recovery.sorted()[recovery.count / 2])))
            lines.append(Self.line("  after (max)", Self.seconds(longest)))
        }
        lines += skipped.map { "skipped, because this user may not mount a small disk: \($0.rawValue)" }
        return lines.joined(separator: "\n")
    }

    private mutating func count(_ name: String, _ number: Int) {
        if let index = counts.firstIndex(where: { $0.name == name }) {
            counts[index].count += number
        } else {
            counts.append((name, number))
        }
    }

    private static func line(_ name: String, _ value: String) -> String {
        name.padding(toLength: 46, withPad: " ", startingAt: 0) + String(repeating: " ", count: max(0, 8 - value.count))
            + value
    }

    private static func seconds(_ time: Duration) -> String { String(format: "%.2f s", time.inSeconds) }
}

/// How long jobs of killed workers stayed with them: from the kill until the lease was taken back, which the row
/// `abandoned` tells.
enum Recovery {
    static func times(_ evidence: Evidence) -> [Duration] {
        let rows = evidence.jobs.flatMap(\.ledger).filter { $0.outcome == .abandoned }
        return evidence.faults.filter { $0.kind == .killWorker }.flatMap { fault in
            rows.filter { $0.worker.contains("-\(fault.pid ?? 0)-") && $0.endedAt >= fault.from }
                .map { $0.endedAt - fault.from }
        }
    }
}
