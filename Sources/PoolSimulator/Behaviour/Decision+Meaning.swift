extension Decision {
    /// Whether the call's estimate went through the gate.
    package var isAdmitted: Bool {
        switch self {
        case .answer, .refuse(.contentFilter), .refuse(.contextLength): true
        case .fail, .reset, .hang, .refuse, .throttle: false
        }
    }

    /// Microseconds until the call ends; `nil` when it never does by itself.
    package var delay: Int64? {
        switch self {
        case .answer(let delay, _), .fail(_, let delay): delay
        case .hang: nil
        case .reset, .refuse, .throttle: 0
        }
    }

    /// How the call ends when nobody leaves before that; `nil` when it never does by itself.
    package var outcome: CallOutcome? {
        switch self {
        case .answer(_, let fault): fault.map { .spoiled($0) } ?? .answered
        case .fail(let status, _): .refused(status: status)
        case .hang: nil
        case .reset: .reset
        case .refuse(let refusal): .refused(status: refusal.status)
        case .throttle: .refused(status: 429)
        }
    }

    /// What Azure's spillover hands on: 429, 500, 503 and too long a prompt.
    var isSpilled: Bool {
        switch self {
        case .throttle, .refuse(.promptTooLong), .fail(status: 500, _), .fail(status: 503, _): true
        case .answer, .fail, .hang, .reset, .refuse: false
        }
    }
}
