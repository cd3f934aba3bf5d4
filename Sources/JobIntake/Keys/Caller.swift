/// Who sends a request. Without keys in worker.json there is one caller, who may do everything.
package struct Caller: Sendable, Equatable {
    /// Jobs, files and batches belong to it. Empty without keys.
    package var name: String
    package var scopes: Set<Scope>
    package var limits: CallerLimits

    package init(name: String = "", scopes: Set<Scope> = Set(Scope.allCases), limits: CallerLimits = CallerLimits()) {
        self.name = name
        self.scopes = scopes
        self.limits = limits
    }

    /// Whoever comes where no keys are asked for.
    static let anybody = Caller()

    package enum Scope: String, Sendable, CaseIterable {
        /// Makes jobs, and cancels its own.
        case submit
        /// Reads its own jobs.
        case read
        /// Sees and steers everything.
        case admin
    }

    /// Whoever may do everything sees everything; others see their own.
    func sees(_ owner: String) -> Bool { owner == name || scopes.contains(.admin) }

    func may(_ scope: Scope) -> Bool { scopes.contains(scope) || scopes.contains(.admin) }
}

/// Nil where there is no limit.
package struct CallerLimits: Sendable, Equatable {
    package var requestsPerSecond: Int?
    /// As the requests are estimated when they come in.
    package var tokensPerMinute: Int?
    /// Jobs that have not ended; counted by the queue, whichever intake they came by.
    package var maxQueued: Int?

    package init(requestsPerSecond: Int? = nil, tokensPerMinute: Int? = nil, maxQueued: Int? = nil) {
        self.maxQueued = maxQueued
        self.requestsPerSecond = requestsPerSecond
        self.tokensPerMinute = tokensPerMinute
    }
}
