import Logging
import ServiceLifecycle

/// Runs child processes in stages: all of one stage start together, and a later stage is stopped before an earlier one.
struct Supervisor {
    let stages: [[ChildProcess]]
    let logger: Logger

    /// Returns after SIGTERM or SIGINT, when all children have ended.
    func run() async throws {
        let running = RunningChildren()
        let stages = stages.map { children in
            Stage(
                children: children.map { child in
                    var child = child
                    child.running = running
                    return child
                })
        }
        let second = SecondSignal { running.hurry() }
        try await ProcessServices(support: [second, HangupRelay(children: running)] + stages, logger: logger).run()
    }

    private struct Stage: Service {
        let children: [ChildProcess]

        func run() async throws {
            try await withThrowingTaskGroup { group in
                for child in children { group.addTask { try await child.run() } }
                try await group.waitForAll()
            }
        }
    }
}
