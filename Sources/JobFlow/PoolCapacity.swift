/// When a job may go to an endpoint that costs extra, because it is paid by the token while another that serves the same
/// model is paid by the hour.
package enum SpillChoice: String, Sendable {
    case never
    /// When its deadline would be missed otherwise.
    case atDeadline = "deadline"
    case immediate
}

package struct PoolCapacity: Sendable, Equatable {
    /// Calls that could start now without extra cost; `Int.max` when nothing limits them.
    package var calls: Int
    /// Calls that could start besides, on endpoints that cost extra.
    package var spillCalls: Int
    /// When `calls` is zero: how long until an endpoint may open. Nil when one frees up by a call's end.
    package var opensIn: Duration?
    /// Jobs a second that the endpoints without extra cost bear; nil where that is not known.
    package var rate: JobRate?
    /// What a call lately took.
    package var callTime: Duration
    /// Nothing can be called, and not because it is busy: every endpoint is closed by a gate.
    package var isClosed: Bool

    package init(
        calls: Int, spillCalls: Int = 0, opensIn: Duration? = nil, rate: JobRate? = nil,
        callTime: Duration = .zero, isClosed: Bool = false
    ) {
        self.calls = calls
        self.spillCalls = spillCalls
        self.opensIn = opensIn
        self.rate = rate
        self.callTime = callTime
        self.isClosed = isClosed
    }

    /// The same, as far as it costs nothing extra.
    package var withoutExtraCost: PoolCapacity {
        var capacity = self
        capacity.spillCalls = 0
        return capacity
    }

    package var allCalls: Int {
        let (sum, overflow) = calls.addingReportingOverflow(spillCalls)
        return overflow ? .max : sum
    }
}

/// What a pool bears, in jobs a second.
package struct JobRate: Sendable, Equatable {
    /// With the endpoints that are well.
    package var now: Double
    /// With all of them.
    package var whole: Double

    package init(now: Double, whole: Double) {
        self.now = now
        self.whole = whole
    }
}
