extension Spool {
    /// A page of the journal from before it is read until it was judged: tells which of the jobs in it were not promised.
    package final class Page: Sendable {
        private let spool: Spool
        private let number: Int
        /// When the page began.
        private let underway: Set<JobID>

        init(of spool: Spool, _ number: Int, underway: Set<JobID>) {
            self.spool = spool
            self.number = number
            self.underway = underway
        }

        deinit { spool.endPage(number) }

        /// Whether the job was being accepted when the page began, or is, or was refused: before, or since.
        package func leavesOut(_ id: JobID) -> Bool {
            underway.contains(id) || spool.isUnpromised(id, inPage: number)
        }
    }
}
