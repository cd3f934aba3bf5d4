import JobFlow
import TestKit
import Testing

@Suite struct `The seam to what a fleet knows` {
    @Test(.timeLimit(.minutes(5)), .serialized, arguments: PoolBoardContract.cases)
    func `holds on Redis`(_ promise: PoolBoardContract.Case) async throws {
        try await BoardOnRedis.run { try await promise.check($0.underTest) }
    }

    @Test(.timeLimit(.minutes(5)), .serialized, arguments: PoolBoardContract.cases)
    func `holds in memory`(_ promise: PoolBoardContract.Case) async throws {
        let clock = ManualWallClock()
        let board = InMemoryPoolBoard(now: { clock.now })
        try await promise.check(
            BoardUnderTest(
                board, other: board, now: { clock.now },
                advance: { time in
                    clock.advance(by: time)
                    await Task.yield()
                }))
    }
}
