import Foundation
import JobFlow
import TestKit
import Testing

extension ChaosTests {
    /// Redis may lose what it wrote in its last two seconds: a power cut, or a failover to a replica that was behind.
    @Test(.timeLimit(.minutes(10)))
    func `a redis that comes back without its last two seconds has lost nothing that was promised`() async throws {
        let settings = ChaosSettings.current
        try await ChaosRig.with(lease: .seconds(2)) { rig in
            let round = ChaosRound(rig: rig, settings: settings, seed: settings.seed)
            var read: [String] = []
            var back = Timestamp.now
            let evidence = try await round.run { client in
                try await eventually("many jobs were read as completed just now") {
                    let endings = client.record.all.jobs.values.compactMap(\.firstEndingAt)
                    return endings.count >= 150 && endings.count { $0 > .now + .milliseconds(-1500) } >= 10
                }
                try await ChaosDriver(rig: rig, log: round.log).measured(.killRedis) {
                    read = try await loseTail(of: rig, secondsBack: 2, client.record)
                    return nil
                } then: { _ in
                    back = .now
                    try await rig.redis.start()
                }
                let before = client.record.all.jobs.count
                try await eventually("jobs are accepted again") { client.record.all.jobs.count >= before + 60 }
            }
            let again = evidence.jobs.filter { job in
                read.contains(job.id) && job.calls.contains { $0.at > back && $0.isPaid }
            }
            let bought = again.map { "bought again: \($0.id) was read as completed before the tail was lost" }
            print("lost tail: \(read.count) of \(evidence.jobs.count) jobs had been read as completed")
            _ = round.record(evidence.violations + bought)
        }
    }

    /// Returns the jobs that were read as completed before.
    private func loseTail(of rig: ChaosRig, secondsBack: Int, _ record: ClientRecord) async throws -> [String] {
        try await rig.redis.kill()
        let read = record.all.jobs.filter { $0.value.endings.first?.state == .completed }.map(\.key)
        let path = try rig.redis.appendOnlyFile()
        let bytes = try Data(contentsOf: path)
        let cut = try #require(AppendOnlyFile(Array(bytes)).cut(secondsBack: secondsBack))
        #expect(cut < bytes.count)
        try bytes.prefix(cut).write(to: path)
        return read
    }
}
