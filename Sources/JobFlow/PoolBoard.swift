/// The seam to what the processes of a fleet know together of their endpoints. `FleetBoard` implements it on Redis, `TestKit`
/// in memory; one contract suite tests both.
///
/// Times travel as durations from now, because the clocks of hosts differ.
package protocol PoolBoard: Sendable {
    /// Tells what happened in this process since its last report, and learns how every endpoint of the report stands. A gate
    /// that the report closes or opens is announced to all processes.
    ///
    /// A report whose reply is lost may have been written; it is not sent again. What is counted in it may then be missing,
    /// which the next 429 sets right. Only its usage is told again, under its number.
    func exchange(_ report: PoolReport) async throws(StoreError) -> PoolStanding

    /// How endpoints stand, for somebody who only looks.
    func standings(of endpoints: [String]) async throws(StoreError) -> [EndpointStanding]

    /// Tokens of the running clock hour and of those before it, `hours` in all and at most 48, by endpoint, model and queue.
    /// Combinations beyond some hundreds an hour are one, `other`.
    func usage(hours: Int) async throws(StoreError) -> [TokenUse]

    /// Takes an endpoint out of the pool of every process, or puts it back. Stays so until it is told otherwise; each exchange
    /// tells of it.
    func drain(_ endpoint: String, _ isDrained: Bool) async throws(StoreError)

    /// Hears of every gate that any process closes or opens, until the task is cancelled.
    ///
    /// - Parameter onGap: called when there may be more to know than was announced, and once at the beginning: announcements
    ///   may have been missed, or an endpoint was drained or put back.
    func listen(onChange: @escaping @Sendable (EndpointStanding) -> Void, onGap: @escaping @Sendable () -> Void) async
}
