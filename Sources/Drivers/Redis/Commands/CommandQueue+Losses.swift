import DequeModule
import NIOCore

extension CommandQueue {
    struct Sweep {
        var failed: [Failure] = []
        /// Why the connection has to end now.
        var end: RedisError?
        var again = false
    }

    /// The connection has ended, or could not be made. What was written may have been executed and fails; what was not
    /// waits for the next connection.
    mutating func connectionLost(_ reason: RedisError) -> [Failure] {
        if phase == .closed { return [] }
        phase = .waiting(reason)
        isFlushing = false
        collected = []
        var failed = failWritten(reason)
        // Nobody gets better by waiting for a wrong password.
        if reason.code == .authentication { failed += failUnwritten { _ in reason } }
        return failed
    }

    /// For good: everything fails, now and later.
    mutating func close() -> [Failure] {
        phase = .closed
        return failWritten(.clientClosed) + failUnwritten { _ in .clientClosed }
    }

    /// Ends calls whose time is over, and a connection that owes replies and has been silent for as long: its server
    /// may be gone without a word.
    mutating func sweep(now: NIODeadline) -> Sweep {
        var sweep = Sweep()
        for entry in written {
            guard entry.deadline <= now else { break }
            guard let call = pending.removeValue(forKey: entry.ticket) else { continue }
            sweep.failed.append((call.waiter, RedisError(.timeout, "no reply in time", wasSent: true)))
        }
        let late = lateError
        sweep.failed += failUnwritten { $0.deadline <= now ? late : nil }
        if !written.isEmpty, now >= lastProgress + limits.timeout {
            sweep.end = RedisError(.timeout, "the server has been silent for the command timeout")
        }
        sweep.again = !(written.isEmpty && unwritten.isEmpty)
        isSweeping = sweep.again
        return sweep
    }

    private var lateError: RedisError {
        guard case .waiting(let reason) = phase else {
            return RedisError(.timeout, "the command could not be sent in time")
        }
        let cause = reason.map { ": \($0.message)" } ?? ""
        return RedisError(.connectionFailed, "no connection to \(limits.endpoint) in time\(cause)")
    }

    private mutating func failWritten(_ reason: RedisError) -> [Failure] {
        let code: RedisError.Code =
            switch reason.code {
            case .timeout, .protocolViolation, .closed: reason.code
            default: .connectionLost
            }
        var error = RedisError(code, reason.message, wasSent: true)
        var failed: [Failure] = []
        while let entry = written.popFirst() {
            forget(entry)
            if let call = pending.removeValue(forKey: entry.ticket) { failed.append((call.waiter, error)) }
            // A reply that nobody can read is that of the first; to the others it is a connection that broke.
            if code == .protocolViolation { error = RedisError(.connectionLost, reason.message, wasSent: true) }
        }
        return failed
    }

    /// Fails, and takes out of the line, what the closure has an error for.
    private mutating func failUnwritten(_ errorFor: (Entry) -> RedisError?) -> [Failure] {
        var failed: [Failure] = []
        for entry in unwritten {
            guard let error = errorFor(entry), let call = pending.removeValue(forKey: entry.ticket) else { continue }
            failed.append((call.waiter, error))
        }
        if !failed.isEmpty { hasAbandoned = true }
        dropAbandoned()
        return failed
    }
}
