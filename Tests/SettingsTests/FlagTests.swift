import Settings
import Testing

@Suite struct FlagTests {
    @Test(arguments: [
        ("worker.concurency", "5", "worker.concurency", "did you mean 'worker.concurrency'?"),
        ("worker", "5", "worker", "is not a known key"),
        ("", "5", "", "is not a known key"),
        ("redis.url.x", "5", "redis.url.x", "is not a known key"),
        ("queues.Batch.weight", "5", "queues.Batch.weight", "is not a known key"),
        ("worker.concurrency", "five", "worker.concurrency", "(given as a flag)"),
        ("intake.listen", "nowhere", "intake.listen", "host:port"),
        ("pool.endpoints[1].timeout", "5", "pool.endpoints[1].timeout", "a number without a unit"),
    ])
    func `a wrong flag is named by its path`(path: String, value: String, named: String, says: String) {
        let found = faults("{}", flags: [(path, value)])
        #expect(found.map(\.path) == [named])
        #expect(found.first?.message.contains(says) == true, "\(found)")
    }

    @Test func `a gap between endpoints is found`() {
        let found = faults("{}", flags: [("pool.endpoints[1].name", "b"), ("pool.endpoints[1].url", "http://h")])
        #expect(found.map(\.path) == ["pool.endpoints[0].name", "pool.endpoints[0].url"])
    }
}
