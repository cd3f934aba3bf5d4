package struct PoolReport: Sendable, Equatable {
    /// Names this process among those that share the pool; not empty.
    package var process: String
    package var endpoints: [EndpointReport]
    package var retries: RetryReport
    package var usage: [TokenUse]
    /// Grows with each new list of usage. What comes again under the number that was counted last is not counted again; a
    /// process that was silent for some seconds may be forgotten, and its number with it.
    package var usageNumber: Int

    package init(
        process: String, endpoints: [EndpointReport], retries: RetryReport = RetryReport(), usage: [TokenUse] = [],
        usageNumber: Int = 0
    ) {
        self.process = process
        self.endpoints = endpoints
        self.retries = retries
        self.usage = usage
        self.usageNumber = usageNumber
    }
}

/// What one process has to say of one endpoint, and asks for.
package struct EndpointReport: Sendable, Equatable {
    package var endpoint: String
    /// It answered 429: nobody calls it for so long. A shorter time never replaces a longer one. With `tokens` in the same
    /// report it also says how full the endpoint is: there is no room before the time is over.
    package var throttle: Duration?
    package var health: HealthReport?
    package var credentials: CredentialReport?
    /// Asks to be the one process that probes the endpoint, for so long. Asked again, the holder keeps it.
    package var wantsProbe: Duration?
    /// Asks to be the one process that reads the secret again after a 401.
    package var wantsReload = false
    /// For an endpoint whose capacity is known.
    package var tokens: TokenReport?
    /// Calls of this process that are under way.
    package var inflight = 0

    package init(endpoint: String) { self.endpoint = endpoint }
}

package enum HealthReport: Sendable, Equatable {
    /// Ill. `round` counts how often in a row it was found so; the highest counts. A shorter time never replaces a longer
    /// one of the same round.
    case ill(HealthGate)
    /// A probe found it well.
    case well
}

/// A closed health gate.
package struct HealthGate: Sendable, Equatable {
    /// Until one probe may pass.
    package var closedFor: Duration
    /// How often in a row it was found ill; the time grows with it.
    package var round: Int
    /// It was not reached at all: a look without a prompt can tell when it is back.
    package var isUnreachable: Bool

    package init(closedFor: Duration, round: Int = 1, isUnreachable: Bool = false) {
        self.closedFor = closedFor
        self.round = round
        self.isUnreachable = isUnreachable
    }
}

package enum CredentialReport: Sendable, Equatable {
    /// It refuses our key, or does not know the deployment.
    case out(CredentialGate)
    /// A probe was let in.
    case well
    /// The secret was read again and is another one: every process reads it again.
    case renewed
}

/// A gate that is closed because every call would be refused until somebody acts.
package struct CredentialGate: Sendable, Equatable {
    package var closedFor: Duration
    /// The ledger's word for the refusal.
    package var reason: String

    package init(closedFor: Duration, reason: String) {
        self.closedFor = closedFor
        self.reason = reason
    }
}

/// The capacity of one endpoint, and what this process took of it. Tokens are weighted: output counts as often as worker.json
/// or the model's table says.
package struct TokenReport: Sendable, Equatable {
    /// What flows off, in tokens a second.
    package var rate: Double
    /// The most room there can be, in tokens.
    package var burst: Double
    /// Admitted since the last report, less what calls turned out not to need; may be negative.
    package var taken: Double
    /// Whether this process has, or lately had, work for the endpoint: the room is shared among those.
    package var isUsing: Bool

    package init(rate: Double, burst: Double, taken: Double, isUsing: Bool) {
        self.rate = rate
        self.burst = burst
        self.taken = taken
        self.isUsing = isUsing
    }
}

/// For the fleet's retry budget: retries may be a share of first calls, and a few a second in any case.
package struct RetryReport: Sendable, Equatable {
    /// First calls of jobs, since the last report.
    package var firstCalls: Int
    /// Calls that repeat one that counted, since the last report.
    package var retries: Int
    /// Retries earned by one first call.
    package var ratio: Double
    /// Retries a second that the fleet may always make.
    package var reserve: Double

    package init(firstCalls: Int = 0, retries: Int = 0, ratio: Double = 0.2, reserve: Double = 10) {
        self.firstCalls = firstCalls
        self.retries = retries
        self.ratio = ratio
        self.reserve = reserve
    }
}

/// Tokens of finished calls, summed up since the last report.
package struct TokenUse: Sendable, Equatable {
    package var endpoint: String
    package var model: String
    package var queue: String
    package var calls: Int
    /// What was expected before the calls, prompt and output together. 0 where no decision needed to know it.
    package var estimated: Int
    package var prompt: Int
    package var completion: Int
    package var cached: Int

    package init(
        endpoint: String, model: String, queue: String, calls: Int = 0, estimated: Int = 0, prompt: Int = 0,
        completion: Int = 0, cached: Int = 0
    ) {
        self.endpoint = endpoint
        self.model = model
        self.queue = queue
        self.calls = calls
        self.estimated = estimated
        self.prompt = prompt
        self.completion = completion
        self.cached = cached
    }
}
