package import JobFlow

/// A board with what the contract needs to know of it.
package struct BoardUnderTest: Sendable {
    package let board: any PoolBoard
    /// The same board, as another process has it.
    package let other: any PoolBoard
    /// The clock of the board.
    package let now: WallClock
    /// Lets so much time pass for the board: its clock is moved.
    package let advance: @Sendable (Duration) async throws -> Void

    package init(
        _ board: any PoolBoard, other: any PoolBoard, now: @escaping WallClock,
        advance: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.board = board
        self.other = other
        self.now = now
        self.advance = advance
    }
}

extension BoardUnderTest {
    /// A time that no test outlives.
    static let long = Duration.seconds(600)
    /// A time that a test lets pass.
    static let short = Duration.milliseconds(150)

    /// One process reports on one endpoint.
    @discardableResult
    func report(_ process: String = "a", on endpoint: String = "east", _ say: (inout EndpointReport) -> Void = { _ in })
        async throws -> EndpointStanding
    {
        var report = EndpointReport(endpoint: endpoint)
        say(&report)
        let standing = try await board.exchange(PoolReport(process: process, endpoints: [report]))
        return try promised(standing.endpoints.first, "a standing")
    }

    @discardableResult
    func fall(_ process: String = "a", for time: Duration = long, round: Int = 1, isUnreachable: Bool = false)
        async throws -> EndpointStanding
    {
        try await report(process) {
            $0.health = .ill(HealthGate(closedFor: time, round: round, isUnreachable: isUnreachable))
        }
    }

    func refuse(_ process: String = "a", for time: Duration = long, reason: String = "unauthorized") async throws {
        try await report(process) { $0.credentials = .out(CredentialGate(closedFor: time, reason: reason)) }
    }

    @discardableResult
    func take(
        _ taken: Double, _ process: String = "a", rate: Double = 0.001, burst: Double = 1000, isUsing: Bool = true
    ) async throws -> TokenRoom {
        let standing = try await report(process) {
            $0.tokens = TokenReport(rate: rate, burst: burst, taken: taken, isUsing: isUsing)
        }
        return try promised(standing.room, "room")
    }

    func mayProbe(_ process: String, for time: Duration = long) async throws -> Bool {
        try await report(process) { $0.wantsProbe = time }.mayProbe
    }

    /// How somebody else sees the endpoint.
    func look() async throws -> EndpointStanding {
        try promised(try await other.standings(of: ["east"]).first, "a standing")
    }

    /// Leaves the endpoint ill and waiting for a probe.
    func waitForProbe() async throws {
        try await fall(for: Self.short)
        try await advance(Self.short * 2)
    }
}

/// That a time that was promised is running: not longer, and not nearly over.
func promise(_ found: Duration?, runs time: Duration, file: StaticString = #fileID, line: UInt = #line)
    throws(BrokenPromise)
{
    let found = try promised(found, "a time", file: file, line: line)
    try promise(found <= time && found > time / 2, "\(time) was promised, \(found) found", file: file, line: line)
}
