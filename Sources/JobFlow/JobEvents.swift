/// The seam to the logs of streamed jobs: what came of each, in order, for whoever reads along and for who comes later.
package protocol JobEvents: Sendable {
    /// Adds to the log of a claimed job. What was added before is not added again, so that it can be sent twice.
    func append(_ addition: JobEventAddition, of claim: Claim) async throws(StoreError) -> AppendOutcome

    /// What the log of a job has from a sequence number on, as soon as it has anything, the job moves on from `known`, or
    /// the time is up. Nil if there is no such job.
    func events(_ id: JobID, from sequence: Int, known: JobStanding?, within wait: Duration)
        async throws(StoreError) -> JobEventPage?
}

/// One entry of a log.
package struct JobEvent: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Whole events of the upstream's stream, as they came.
        case piece([UInt8])
        /// Another attempt begins: what came before it is of no use.
        case restart
        /// The attempt's answer is complete.
        case end
    }

    /// From 0, one more each time. A gap means that the log was too long.
    package var sequence: Int
    package var attempt: Int
    package var kind: Kind

    package init(sequence: Int, attempt: Int, kind: Kind) {
        self.sequence = sequence
        self.attempt = attempt
        self.kind = kind
    }
}

package struct JobEventPage: Sendable, Equatable {
    package var events: [JobEvent]
    /// Where the job was when the log was read.
    package var standing: JobStanding

    package init(events: [JobEvent], standing: JobStanding) {
        self.events = events
        self.standing = standing
    }
}

package struct JobEventAddition: Sendable, Equatable {
    package var attempt: Int
    /// How many bytes of this attempt were added before.
    package var offset: Int
    package var bytes: [UInt8]
    /// Nothing comes after it: the answer is complete.
    package var isEnd: Bool

    package init(attempt: Int, offset: Int, bytes: [UInt8], isEnd: Bool = false) {
        self.attempt = attempt
        self.offset = offset
        self.bytes = bytes
        self.isEnd = isEnd
    }
}

package enum AppendOutcome: Sendable, Equatable {
    case appended
    /// The claim does not stand any more, or the log has lost what came before this.
    case refused
}
