import Synchronization
import TestKit

/// Submits at a steady rate until it is told to stop, and reads ended jobs again now and then. Each prompt is a task.
struct ChaosLoad: Sendable {
    /// Clients at once; past it nothing new is submitted.
    private static let most = 600

    let client: ChaosClient
    let rate: Int
    let seed: UInt64

    /// Returns when every client has its answer, or the deadline has passed.
    func run(until stop: Latch) async {
        let stopped = Flag()
        await withTaskGroup { parts in
            parts.addTask {
                await stop.wait()
                stopped.raise()
            }
            parts.addTask { await submit(until: stopped) }
            parts.addTask { await readAgain(until: stopped) }
        }
    }

    private func submit(until stopped: Flag) async {
        let running = Running()
        await withDiscardingTaskGroup { clients in
            var number = 0
            while !stopped.isRaised, !Task.isCancelled {
                if running.count < Self.most {
                    number += 1
                    let submission = Submission(number, seed: seed)
                    running.add(1)
                    clients.addTask {
                        await client.run(submission)
                        running.add(-1)
                    }
                }
                try? await Task.sleep(for: .seconds(1) / rate)
            }
        }
    }

    /// An answer that was read once has to stay what it was.
    private func readAgain(until stopped: Flag) async {
        while !stopped.isRaised, !Task.isCancelled {
            if let id = client.record.anyEnded() { await client.read(id) }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }
}

private final class Running: Sendable {
    private let clients = Atomic(0)

    var count: Int { clients.load(ordering: .relaxed) }

    func add(_ number: Int) { clients.add(number, ordering: .relaxed) }
}

final class Flag: Sendable {
    private let isUp = Atomic(false)

    var isRaised: Bool { isUp.load(ordering: .acquiring) }

    func raise() { isUp.store(true, ordering: .releasing) }
}
