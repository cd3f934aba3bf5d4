import JobFlow

/// What has not ended by itself.
extension BatchCollection {
    /// After the window has closed, for calls that are under way to end.
    private static let grace = Duration.seconds(30)

    /// Lines that are in neither file.
    private var rest: [Int] { scan.customIDs.keys.filter { !files.ledger.written.contains($0) }.sorted() }

    /// Cancelled, or its time is over: what has not ended is ended, what was never sent is told.
    mutating func endRest() async throws(BatchTrouble) {
        guard progress.isSubmitted else { return }
        let cancelledAt = tools.rack.cancelledAt(batch.id)
        if let cancelledAt, batch.status != .cancelling {
            batch.enter(.cancelling, at: cancelledAt)
            try await tools.save(batch)
        }
        let isLate = cancelledAt != nil || tools.now() >= batch.expiresAt + Self.grace
        for page in rest.pages(of: Self.page) {
            let standings = try await jobs.standings(page)
            let unsent = zip(page, standings).filter { $0.1 == nil }.map { line, _ in
                let (id, custom) = (jobs.id(line), scan.customIDs[line])
                return cancelledAt != nil ? BatchLine(cancelled: id, custom) : BatchLine(expired: id, custom)
            }
            let live = zip(page, standings).filter { _, standing in
                standing.map { !$0.state.isTerminal && (isLate || $0.state != .inProgress) } ?? false
            }
            await jobs.end(live.map { jobs.id($0.0) })
            try await files.add(unsent, to: &batch)
        }
        try await sweep(resubmits: false)
    }

    /// Looks at every line that is not written: the queue may have lost its list, or jobs.
    mutating func sweep(resubmits: Bool = true) async throws(BatchTrouble) {
        for page in rest.pages(of: Self.page) {
            let standings = try await jobs.standings(page)
            try await write(zip(page, standings).filter { $0.1?.state.isTerminal == true }.map { jobs.id($0.0) })
            if resubmits, standings.contains(where: { $0 == nil }) { progress.submitAgain() }
        }
    }
}

extension [Int] {
    fileprivate func pages(of size: Int) -> [[Int]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
