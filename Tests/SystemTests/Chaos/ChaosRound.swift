import Foundation
import TestKit
import Testing

/// A load, whatever goes wrong under it, the calm after that, and what was found.
struct ChaosRound: Sendable {
    let rig: ChaosRig
    let settings: ChaosSettings
    let seed: UInt64
    let log = FaultLog()
    let client: ChaosClient

    init(rig: ChaosRig, settings: ChaosSettings, seed: UInt64) {
        self.rig = rig
        self.settings = settings
        self.seed = seed
        client = ChaosClient(
            rig: rig, record: ClientRecord(), redisIsAway: { [log] in log.redisIsAway }, deadline: Deadline())
    }

    /// Harms the program while prompts come in at a steady rate.
    func run(_ harm: (ChaosClient) async throws -> Void) async throws -> Evidence {
        let load = ChaosLoad(client: client, rate: settings.rate, seed: seed)
        return try await observe({ stop in await load.run(until: stop) }, harm)
    }

    /// Harms the program while it works on so many prompts.
    func run(prompts: Int, _ harm: (ChaosClient) async throws -> Void) async throws -> Evidence {
        let submissions = (1...prompts).map { Submission(plain: $0, seed: seed) }
        return try await observe(
            { _ in
                await withDiscardingTaskGroup { clients in
                    for submission in submissions { clients.addTask { await client.run(submission) } }
                }
            }, harm)
    }

    private func observe(
        _ load: @escaping @Sendable (Latch) async -> Void, _ harm: (ChaosClient) async throws -> Void
    ) async throws -> Evidence {
        let stop = Latch()
        try await withThrowingTaskGroup { group in
            group.addTask { await load(stop) }
            defer { stop.open() }
            try await harm(client)
            stop.open()
            try await rig.calm()
            client.deadline.set(in: settings.patience)
            try await group.waitForAll()
        }
        return try await EvidenceGathering(rig: rig, client: client, faults: log.all).gather()
    }

    /// Reports what must not be, and keeps the files to look into it. Returns how much there is.
    func record(_ violations: [String]) -> Int {
        guard !violations.isEmpty else { return 0 }
        for violation in violations.prefix(20) { Issue.record("seed \(seed): \(violation)") }
        if violations.count > 20 { Issue.record("seed \(seed): and \(violations.count - 20) more") }
        rig.keepFiles(as: "seed-\(seed)")
        return violations.count
    }
}
