import Foundation
import JobFlow
import TestKit
import Testing

/// Real processes, a steady load, and everything that can go wrong; then three records and the simulator are compared.
/// The suites run one after the other: each wants the machine for itself.
@Suite(.serialized)
struct ChaosTests {
    @Test(.timeLimit(.minutes(ChaosSettings.current.limitInMinutes)))
    func `whatever dies, every accepted job ends once, and the records agree`() async throws {
        let settings = ChaosSettings.current
        var report = ChaosReport()
        var violations = 0
        for number in 0..<settings.rounds {
            try await ChaosRig.with(lease: settings.lease) { rig in
                let round = ChaosRound(rig: rig, settings: settings, seed: settings.seed + UInt64(number))
                let evidence = try await round.run { _ in
                    let schedule = ChaosSchedule(seed: round.seed, span: settings.span, lease: settings.lease)
                    try await ChaosDriver(rig: rig, log: round.log).run(schedule)
                }
                report.add(evidence, skipped: round.log.skipped)
                violations += round.record(evidence.violations)
            }
        }
        print(
            """

            chaos: \(settings.rounds) rounds from seed \(settings.seed), \(settings.span) of faults each, lease \
            \(settings.lease), \(settings.rate) prompts a second
            \(report.table)
            violations: \(violations)

            """)
    }
}
