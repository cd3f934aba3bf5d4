import Curl
import Foundation
import JobFlow
import RunAudit
import TestKit

/// Reads all records of a round, after everything has come to rest.
struct EvidenceGathering: Sendable {
    /// Reads at once.
    private static let width = 16

    let rig: ChaosRig
    let client: ChaosClient
    let faults: [FaultRecord]

    func gather() async throws -> Evidence {
        let ids = Array(client.record.all.jobs.keys)
        await Self.each(ids) { id in
            while await !client.read(id), !client.deadline.hasPassed {}
        }
        let audit = try AuditReader(path: rig.folder.appendingPathComponent("audit/audit.sqlite").path)
        defer { audit.close() }
        let leftovers = try await emptied(audit)
        let calls = try await rig.simulatedCalls()
        let record = client.record.all
        let log = rig.up.lines
        let unaudited = Set(
            log.filter { $0["message"] == "attempts are missing in the audit log" }.compactMap { $0["job.id"] })
        var jobs = try await Self.each(Array(Set(ids).union(calls.keys))) { id in
            var job = Evidence.JobEvidence(id: id, client: record.jobs[id])
            job.calls = calls[id] ?? []
            job.isUnaudited = unaudited.contains(id)
            if let known = JobID(id) { job.audit = try await audit.attempts(of: known).map(\.attempt) }
            (job.state, job.ledger) = try await queued(id)
            return job
        }
        Self.markAliases(&jobs)
        let chainFaults = try await audit.verify().flatMap(\.faults).map { "audit chain: \($0)" }
        return Evidence(jobs: jobs, client: record, faults: faults, leftovers: leftovers, chainFaults: chainFaults)
    }

    /// Waits until nothing is left to do, also of jobs that no client knows of; tells what stays.
    private func emptied(_ journal: AuditReader) async throws -> [String] {
        let queue = QueueLeftovers(redis: rig.redis, journal: journal)
        var found = try await queue.found()
        while !found.isEmpty, !client.deadline.hasPassed {
            try await Task.sleep(for: .milliseconds(200))
            found = try await queue.found()
        }
        return found
    }

    private func queued(_ id: String) async throws -> (JobState?, [Attempt]) {
        let response = try await rig.get("/v1/jobs/\(id)")
        if response.status == 404 { return (nil, []) }
        let state = try JSONObject(parsing: response.body)["status"]?.string.flatMap(JobState.init)
        let list = try JSONObject(parsing: try await rig.get("/v1/jobs/\(id)/attempts").body)
        let rows = list["data"]?.array?.compactMap { $0.object.flatMap(Attempt.init) }
        return (state, rows ?? [])
    }

    private static func markAliases(_ jobs: inout [Evidence.JobEvidence]) {
        let ran = Set(jobs.filter { !$0.calls.isEmpty }.map { $0.calls[0].correlationID })
        for index in jobs.indices where jobs[index].calls.isEmpty {
            jobs[index].isAlias = jobs[index].client.map { ran.contains($0.submission) } ?? false
        }
    }

    @discardableResult
    private static func each<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ body: @escaping @Sendable (Element) async throws -> Result
    ) async rethrows -> [Result] {
        try await withThrowingTaskGroup(of: Result.self) { group in
            var results: [Result] = []
            for (index, element) in elements.enumerated() {
                if index >= width, let result = try await group.next() { results.append(result) }
                group.addTask { try await body(element) }
            }
            for try await result in group { results.append(result) }
            return results
        }
    }
}
