package import JobFlow

/// The seam to the intake's batches.
package protocol BatchIntake: Sendable {
    /// Sends lines, the first of which has this number.
    ///
    /// - Throws: `IntakeTrouble`, or `CancellationError`.
    func send(_ body: [UInt8], firstLine: Int) async throws -> BatchReply

    /// A page of the batch's ended jobs, from a place on that an earlier page named; nil begins.
    func results(of batch: String, after: String?) async throws -> ResultsPage

    /// How many of its jobs have not ended.
    func living(in batch: String) async throws -> Int

    /// A job that has ended, as soon as that is so; nil if it takes longer than a while.
    func ended(_ job: String) async throws -> JSONObject?
}

/// What became of lines that were sent.
package struct BatchReply: Sendable, Equatable {
    package var batch: String
    package var rejected: [LineRejection]
    /// Lines that are jobs of another name.
    package var known: [Int: String]

    package init(batch: String, rejected: [LineRejection] = [], known: [Int: String] = [:]) {
        (self.batch, self.rejected, self.known) = (batch, rejected, known)
    }
}

package struct ResultsPage: Sendable {
    package struct Entry: Sendable {
        package var line: Int
        package var id: String
        /// Nil where it is kept no longer.
        package var job: JSONObject?

        package init(line: Int, id: String, job: JSONObject?) { (self.line, self.id, self.job) = (line, id, job) }
    }

    package var entries: [Entry]
    package var hasMore: Bool
    /// Where the next page begins; nil of a batch that is not there yet.
    package var next: String?

    package init(entries: [Entry], hasMore: Bool, next: String?) {
        (self.entries, self.hasMore, self.next) = (entries, hasMore, next)
    }
}

/// Why the intake did not do what it was asked.
package enum IntakeTrouble: Error, Sendable, Equatable {
    /// Nobody answers, or somebody who cannot do it now.
    case away(String)
    /// It says when to come again. `isTooMuch`: the key has used up what it may, less at once may pass.
    case busy(after: Duration, isTooMuch: Bool, String)
    /// There is no such batch or job: not yet, or not here.
    case unknown(String)
    /// It will never do it.
    case refused(String)
}
