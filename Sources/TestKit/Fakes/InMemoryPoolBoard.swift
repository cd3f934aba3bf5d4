import FleetMemory
package import JobFlow
import Synchronization

/// The board in memory, with the semantics of the one on Redis, by a clock that comes in. It forgets nothing.
package final class InMemoryPoolBoard: PoolBoard {
    private let memory = Mutex(FleetMemory())
    private let announcements = Announcements<EndpointStanding?>()
    private let now: WallClock

    package init(now: @escaping WallClock) { self.now = now }

    package func exchange(_ report: PoolReport) async throws(StoreError) -> PoolStanding {
        let moment = now()
        let (standing, news) = memory.withLock { $0.exchange(report, at: moment) }
        for change in news { announcements.announce(change) }
        return standing
    }

    package func standings(of endpoints: [String]) async throws(StoreError) -> [EndpointStanding] {
        let moment = now()
        return memory.withLock { memory in endpoints.map { memory.standing($0, at: moment) } }
    }

    package func usage(hours: Int) async throws(StoreError) -> [TokenUse] {
        memory.withLock { $0.usage(hours: hours, at: now()) }
    }

    package func drain(_ endpoint: String, _ isDrained: Bool) async throws(StoreError) {
        let moment = now()
        if memory.withLock({ $0.drain(endpoint, isDrained, at: moment) }) { announcements.announce(nil) }
    }

    package func listen(
        onChange: @escaping @Sendable (EndpointStanding) -> Void, onGap: @escaping @Sendable () -> Void
    ) async {
        let changes = announcements.all()
        onGap()
        for await change in changes { if let change { onChange(change) } else { onGap() } }
    }
}
