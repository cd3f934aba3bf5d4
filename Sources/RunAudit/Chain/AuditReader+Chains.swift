import GRDB
package import JobFlow

extension AuditReader {
    /// Seals that are verified in one snapshot of the file. Short ones, because a long one would keep the writers' log from
    /// being cleared.
    static let sealsAtOnce = 64

    package func chains() async throws(AuditError) -> [Chain] { try await read { db in try ChainRow.all(db) } }

    /// Compares the ledger with its chains, one after the other, while others write. `heads` are hashes that were the head of
    /// a chain at some time. A head that is in no chain is a fault of the last report.
    package func verify(heads: Set<ChainHash> = []) async throws(AuditError) -> [ChainReport] {
        var lacking = heads
        var reports: [ChainReport] = []
        for chain in try await chains() {
            let verifier = try await verify(chain, heads: lacking)
            lacking = verifier.missingHeads
            reports.append(verifier.report)
        }
        for head in lacking.map(\.description).sorted() where !reports.isEmpty {
            reports[reports.count - 1].add(ChainFault(.unknownHead, head: ChainHash(hex: head)))
        }
        return reports
    }

    private func verify(_ chain: Chain, heads: Set<ChainHash>) async throws(AuditError) -> ChainVerifier {
        var verifier = ChainVerifier(chain, heads: heads)
        var isDone = false
        while !isDone {
            (verifier, isDone) = try await read { [verifier] db in
                var next = verifier
                let isDone = try ChainPage(db, chain).show(to: &next, atMost: Self.sealsAtOnce)
                return (next, isDone)
            }
        }
        return verifier
    }
}
