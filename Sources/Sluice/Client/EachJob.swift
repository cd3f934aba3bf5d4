import Foundation

/// Does one thing to many jobs, a bounded number at once, and counts.
struct EachJob: Sendable {
    struct Tally: Sendable, Equatable {
        var done = 0
        /// Somebody else was faster: they are gone, or no longer in the state that was listed.
        var skipped = 0
        var failed = 0

        static func + (a: Tally, b: Tally) -> Tally {
            Tally(done: a.done + b.done, skipped: a.skipped + b.skipped, failed: a.failed + b.failed)
        }

        func text(_ verb: String) -> String {
            var parts = ["\(done) \(verb)"]
            if skipped > 0 { parts.append("\(skipped) had changed meanwhile") }
            if failed > 0 { parts.append("\(failed) failed") }
            return parts.joined(separator: ", ")
        }
    }

    static let parallel = 16

    /// The jobs were found by a filter, nobody asked for this one by its name.
    let skipsChanged: Bool
    let act: @Sendable (_ id: String) async throws -> Void

    func run(_ ids: [String]) async throws -> Tally {
        try await withThrowingTaskGroup(of: Tally.self) { group in
            var tally = Tally()
            for (number, id) in ids.enumerated() {
                if number >= Self.parallel, let one = try await group.next() { tally = tally + one }
                group.addTask { try await one(id) }
            }
            for try await one in group { tally = tally + one }
            return tally
        }
    }

    private func one(_ id: String) async throws -> Tally {
        do {
            try await act(id)
            return Tally(done: 1)
        } catch let error as APIError {
            if skipsChanged, error.status == 404 || error.status == 409 { return Tally(skipped: 1) }
            FileHandle.standardError.write(Data("\(id): \(error)\n".utf8))
            return Tally(failed: 1)
        }
    }
}
