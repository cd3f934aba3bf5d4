package import JobFlow

/// What the verification of one chain came to.
package struct ChainReport: Sendable, Equatable {
    /// The machine and the path where the log was made.
    package var name: String
    /// Rows that are as they were sealed.
    package var intactRows: Int64 = 0
    /// Rows from before the chain: nothing is known of them.
    package var unsealedRows: Int64 = 0
    /// The last seal whose rows are gone by right, pruned here or, in a merged file, where the log came from.
    package var prunedTo: Anchor?
    /// Seals that were looked at.
    package var seals: Int64 = 0
    package var head: ChainHead
    /// The faults, at most `maximumFaults` of them.
    package var faults: [ChainFault] = []
    /// All faults.
    package var faultCount = 0

    package static let maximumFaults = 1_000

    package var isIntact: Bool { faultCount == 0 }

    package struct Anchor: Sendable, Equatable {
        package var seal: Int64
        package var row: Int64
        /// When the last of the rows that are gone was written.
        package var sealedAt: Timestamp
    }

    init(_ chain: Chain) {
        name = chain.name
        head = chain.start
    }

    mutating func add(_ fault: ChainFault) {
        faultCount += 1
        if faults.count < Self.maximumFaults { faults.append(fault) }
    }
}
