import Foundation
import JobFlow
import TestKit
import Testing

extension ChaosTests {
    @Test(.timeLimit(.minutes(5)))
    func `a worker that sleeps through its leases overwrites nothing when it wakes up`() async throws {
        try await ChaosRig.with(lease: .seconds(2), behaviour: #"{"latency_ms":4000}"#) { rig in
            let round = ChaosRound(rig: rig, settings: .current, seed: 1)
            let prompts = 20
            var victim: pid_t = 0
            let evidence = try await round.run(prompts: prompts) { client in
                try await eventually("all calls are under way") {
                    try await rig.simulatorStats()["inflight"]?.int == prompts
                }
                victim = try await busiestWorker(rig, client)
                try await ChaosDriver(rig: rig, log: round.log).measured(.freezeWorker) {
                    kill(victim, SIGSTOP)
                    return victim
                } then: { victim in
                    try await rig.behave(ChaosConfiguration.calm)
                    try await eventually("the other worker has finished all jobs") {
                        client.record.all.jobs.values.allSatisfy { !$0.endings.isEmpty }
                    }
                    if let victim { kill(victim, SIGCONT) }
                }
            }
            let held = evidence.jobs.filter { job in
                job.ledger.contains { $0.outcome == .abandoned && $0.worker.contains("-\(victim)-") }
            }
            #expect(!held.isEmpty)
            #expect(evidence.jobs.allSatisfy { $0.state == .completed })
            try await refusals(of: Set(held.map(\.id)), rig)
            let client = round.client
            for job in evidence.jobs { #expect(await client.read(job.id)) }
            #expect(client.record.all.jobs.values.allSatisfy { $0.endings.count == 1 })
            _ = round.record(evidence.violations)
        }
    }

    private func busiestWorker(_ rig: ChaosRig, _ client: ChaosClient) async throws -> pid_t {
        var owned: [pid_t: Int] = [:]
        for id in client.record.all.jobs.keys {
            // host-pid-random
            let owner = try await rig.redis.ask("HGET", "sluice{0}:\(id):r", "owner").split(separator: "-")
            if let pid = owner.dropLast().last.flatMap({ pid_t($0) }) { owned[pid, default: 0] += 1 }
        }
        return try #require(owned.max { $0.value < $1.value }?.key)
    }

    /// Each late settlement is refused: the log names its job, and the worker counts it.
    private func refusals(of held: Set<String>, _ rig: ChaosRig) async throws {
        try await eventually("the zombie's settlements are refused") {
            let late = rig.up.lines.filter { $0["message"] == "a settlement came too late and was not written" }
            return held.isSubset(of: late.compactMap { $0["job.id"] })
        }
        var counted = 0
        for address in rig.up.addresses("worker") { counted += try await rig.settlementsLost(address) }
        #expect(counted >= held.count)
    }
}
