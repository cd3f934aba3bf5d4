/// The state file: how far a submission is, on disk.
package final class StateFile: Sendable {
    private let file: KeptFile

    /// - Throws: also when another process submits with it.
    package init(_ path: String) throws {
        file = try KeptFile(path)
        guard file.lock() else {
            throw SubmissionTrouble("\(path) is in use: the same submission runs already in another process")
        }
    }

    /// What it says; nil of a new one.
    ///
    /// - Parameter rejected: told of every rejected line, in no order.
    package func load(rejected: (LineRejection) -> Void) throws -> (header: SubmissionHeader, state: SubmissionState)? {
        var (header, state, isForeign) = (SubmissionHeader?.none, SubmissionState(), false)
        try file.wholeLines { line, _ in
            guard let record = SubmissionRecord(line) else { return isForeign = true }
            if case .header(let known) = record { header = known }
            if case .rejected(let rejection) = record { rejected(rejection) }
            state.apply(record)
        }
        if let header, !isForeign { return (header, state) }
        guard header == nil, !isForeign else {
            throw SubmissionTrouble("\(file.path) is no state file of sluice submit: name another one with --state")
        }
        return nil
    }

    package func append(_ records: [SubmissionRecord]) throws {
        guard !records.isEmpty else { return }
        try file.write(records.flatMap { $0.text + [UInt8(ascii: "\n")] })
    }

    package func sync() throws { try file.sync() }
}

/// Why a submission cannot go on, for its user, in one line.
package struct SubmissionTrouble: Error, Sendable, Equatable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}
