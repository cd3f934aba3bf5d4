package import JobFlow
package import Logging

/// What intakes and workers do to bring a queue that lost writes up to what their machine's journal knows.
package struct Recovery: Sendable {
    package typealias Journal = JobJournal & AuditSink

    let store: any JobStore
    let journal: any Journal
    /// Names this machine's journal, and who speaks for it.
    let member: String
    let events: RecoveryEvents

    /// Jobs in one question to the queue.
    static let page = 200

    package init(store: any JobStore, journal: any Journal, member: String, logger: Logger) {
        self.store = store
        self.journal = journal
        self.member = member
        events = RecoveryEvents(logger: logger)
    }

    /// From when on writes may be missing. The server's clock and ours need not agree to the second, and an answer may have
    /// come a while after its write.
    static func doubtful(since memory: ServerMemory) -> Timestamp {
        memory.remembersUntil.map { $0 + .seconds(-60) } ?? Timestamp(milliseconds: 0)
    }
}

/// Why a recovery could not be finished; it is tried again.
package enum RecoveryError: Error, Sendable, CustomStringConvertible {
    case store(StoreError)
    case journal(AuditError)

    package var description: String {
        switch self {
        case .store(let error): "\(error)"
        case .journal(let error): "\(error)"
        }
    }

    /// As the queue's own error: a journal that cannot be read keeps the queue from being used.
    var asStoreError: StoreError {
        switch self {
        case .store(let error): error
        case .journal(let error): StoreError(.unavailable, "the journal cannot be read: \(error)")
        }
    }
}
