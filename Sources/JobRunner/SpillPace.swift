package import JobFlow

/// How many near jobs one claim round may take, so that what is too much goes where it costs extra over the time that it has.
/// Taken at once, far more than that would go: jobs under way are still due, and count as too much until they end. A value.
package struct SpillPace: Sendable {
    private var need = SpillNeed(horizon: .zero, least: .zero)
    private var saved = 0.0
    private var at = Duration.zero
    private var isLeastsTurn = false

    package init() {}

    package mutating func plan(_ need: SpillNeed, at uptime: Duration) {
        let passed = max(0, (uptime - at).inSeconds)
        // No more than a second's worth comes at once.
        saved = min(saved + self.need.pace * passed, max(1, self.need.pace))
        (self.need, at) = (need, uptime)
    }

    /// - Parameters:
    ///   - limit: jobs that may be taken in all.
    ///   - cheap: as many of them as cost nothing extra.
    package mutating func share(limit: Int, cheap: Int) -> UrgentShare {
        // Every other round is for those that cannot wait for their turn.
        isLeastsTurn.toggle()
        guard need.horizon > need.least, !isLeastsTurn else { return UrgentShare(jobs: limit, within: need.least) }
        return UrgentShare(jobs: min(limit, cheap + Int(saved)), within: need.horizon)
    }

    /// So many were taken.
    package mutating func took(_ jobs: Int, cheap: Int) {
        saved = max(0, saved - Double(max(0, jobs - cheap)))
    }
}
