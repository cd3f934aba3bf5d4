import Testing

@testable import Redis

@Suite struct ReconnectTests {
    @Test func `waits double up to the longest and jitter by up to a half`() {
        var generator = SystemRandomNumberGenerator()
        var backoff = Backoff(minimum: .milliseconds(50), maximum: .seconds(2))
        for upper in [50, 100, 200, 400, 800, 1600, 2000, 2000].map(Duration.milliseconds) {
            let delay = backoff.next(using: &generator)
            #expect(delay >= upper / 2 && delay <= upper)
        }
    }

    @Test func `only a connection that lasted makes the waits short again`() {
        var generator = SystemRandomNumberGenerator()
        var backoff = Backoff(minimum: .milliseconds(50), maximum: .seconds(2))
        for _ in 0..<10 { _ = backoff.next(using: &generator) }
        backoff.connectionEnded(after: .seconds(1))
        #expect(backoff.next(using: &generator) >= .seconds(1))
        backoff.connectionEnded(after: .seconds(2))
        #expect(backoff.next(using: &generator) <= .milliseconds(50))
    }

    @Test func `a listener pings after silence and gives up after more`() {
        var heartbeat = Heartbeat()
        #expect([heartbeat.tick(), heartbeat.tick(), heartbeat.tick()] == [.nothing, .ping, .dead])
        heartbeat.heard()
        #expect([heartbeat.tick(), heartbeat.tick()] == [.nothing, .ping])
    }
}
