import JobFlow

/// What has to be written, given what the journal knows and where the queue believes the jobs to be. Pure.
enum RestorePlan {
    /// An end that the queue had confirmed is missing when the job is gone, goes on at an epoch that the end covers, or has an
    /// earlier end.
    static func isMissing(_ end: Settlement, _ standing: JobStanding?) -> Bool {
        guard let standing else { return true }
        return standing.state.isTerminal ? standing.epoch < end.epoch : standing.epoch <= end.epoch
    }

    /// Those first that are the last of their job: the last end is the one that counts.
    static func latestFirst(_ settlements: [Settlement]) -> [[Settlement]] {
        var waves: [[Settlement]] = []
        for ends in Dictionary(grouping: settlements, by: \.id).values {
            for (wave, end) in ends.sorted(by: { $0.epoch > $1.epoch }).enumerated() {
                if wave == waves.count { waves.append([]) }
                waves[wave].append(end)
            }
        }
        return waves
    }

    /// Jobs that were accepted, and that the queue does not know.
    static func missing(_ specs: [JobSpec], _ standings: [JobStanding?]) -> [JobSpec] {
        zip(specs, standings).filter { $0.1 == nil }.map(\.0)
    }

    /// What was not confirmed by one life of the server may have been written there and lost since: to another one it is told
    /// like an end that was confirmed.
    static func occasion(_ settlement: Settlement, on server: ServerIdentity?) -> Settlement.Occasion {
        let isEnd = settlement.verdict.terminalState != nil
        return isEnd && settlement.server != server ? .restored : settlement.occasion
    }

    /// The settlement with all rows that the ledger in the queue lacks, numbered so that they continue it: rows of earlier
    /// claims may be lost, too, and a lease that was taken back has added one.
    ///
    /// - Parameter known: every attempt of the job that the journal has.
    static func complete(_ settlement: Settlement, known: [AuditedAttempt], after standing: JobStanding?) -> Settlement
    {
        let had = standing?.attempts ?? 0
        let own = Set(settlement.attempts.map(\.number))
        let earlier = known.map(\.attempt).filter {
            $0.number > had && !own.contains($0.number) && $0.number < (own.min() ?? .max)
        }
        var rows = earlier.sorted { $0.number < $1.number } + settlement.attempts
        for index in rows.indices { rows[index].number = had + 1 + index }
        var complete = settlement
        complete.attempts = rows
        return complete
    }
}
