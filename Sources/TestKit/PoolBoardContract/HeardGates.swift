import JobFlow
import Synchronization

/// What a listener heard.
final class HeardGates: Sendable {
    private let heard = Mutex<[EndpointStanding]>([])
    private let gapCount = Atomic(0)
    let isListening = Latch()

    var all: [EndpointStanding] { heard.withLock { $0 } }

    /// How often it was told that there may be more to know, the beginning included.
    var gaps: Int { gapCount.load(ordering: .relaxed) }

    func addGap() {
        gapCount.add(1, ordering: .relaxed)
        isListening.open()
    }

    func add(_ standing: EndpointStanding) { heard.withLock { $0.append(standing) } }
}

extension BoardUnderTest {
    /// Runs `body` while another process listens.
    func whileListening(_ body: @escaping @Sendable (HeardGates) async throws -> Void) async throws {
        let heard = HeardGates()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await other.listen(onChange: { heard.add($0) }, onGap: { heard.addGap() })
            }
            await heard.isListening.wait()
            try await body(heard)
            group.cancelAll()
        }
    }
}
