package import JobRunner
package import LLMEndpoints
package import PoolSimulator

/// What is rehearsed: worker processes, the pool that they see, and the simulated one behind it.
package struct RehearsalSetup: Sendable {
    package var pool: PoolConfiguration
    /// Has an endpoint for each of the pool's, of the same name. Its seed is the seed of everything.
    package var simulated: SimulatorConfiguration
    package var processes: Int
    /// Calls at once, of one process.
    package var concurrency: Int
    package var queues: [QueueWeight]
    package var schedule: RetrySchedule

    package init(
        pool: PoolConfiguration, simulated: SimulatorConfiguration, processes: Int = 1, concurrency: Int = 1000,
        queues: [QueueWeight] = [QueueWeight(queue: "default", weight: 1)], schedule: RetrySchedule = .init()
    ) {
        self.pool = pool
        self.simulated = simulated
        self.processes = max(1, processes)
        self.concurrency = max(1, concurrency)
        self.queues = queues
        self.schedule = schedule
    }
}
