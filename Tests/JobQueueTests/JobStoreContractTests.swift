import JobFlow
import TestKit
import Testing

@Suite struct `The queue seam` {
    @Test(.timeLimit(.minutes(5)), .serialized, arguments: JobStoreContract.cases)
    func `holds on Redis`(_ promise: JobStoreContract.Case) async throws {
        try await QueueOnRedis.run { queue in try await promise.check(queue.underTest) }
    }

    @Test(.timeLimit(.minutes(5)), .serialized, arguments: JobStoreContract.cases)
    func `holds in memory`(_ promise: JobStoreContract.Case) async throws {
        let clock = ManualWallClock()
        let store = InMemoryJobStore(
            crashLimit: 3, maximumLength: ["batch": StoreUnderTest.batchLength], now: { clock.now })
        try await promise.check(
            StoreUnderTest(
                store, crashLimit: 3, now: { clock.now },
                advance: { time in
                    clock.advance(by: time)
                    await Task.yield()
                },
                remember: {
                    let memory = store.memory
                    return { store.restart(with: memory) }
                }))
    }
}
