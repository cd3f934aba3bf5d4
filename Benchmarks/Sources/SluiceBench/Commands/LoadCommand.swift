import ArgumentParser
import JobFlow
import JobQueue
import Logging
import NIOPosix
import Redis

struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Fills the queue with jobs, as the intake would have written them.")

    @Option(help: "The Redis server, redis://host:port/database.")
    var redis: String

    @Option(help: "How many jobs.")
    var jobs: Int

    @Option(help: "Of a prompt.")
    var bytes = 1024

    @Option(help: "As in worker.json: redis.partitions.")
    var partitions = 1

    @Option(help: "The queue, as worker.json names it.")
    var queue = "default"

    @Option(help: "The model that the jobs ask for.")
    var model = "gpt-4o"

    func validate() throws {
        guard jobs > 0, partitions > 0, 0...(1 << 20) ~= bytes else {
            throw ValidationError("--jobs and --partitions have to be above 0, --bytes 0 to 1048576")
        }
    }

    func run() async throws {
        var logger = Logger(label: "sluice-bench")
        logger.logLevel = .warning
        let client = RedisClient(
            configuration: try RedisConfiguration(url: redis), group: MultiThreadedEventLoopGroup.singleton,
            logger: logger)
        let store = RedisJobStore(
            client: client, configuration: QueueConfiguration(queues: [queue], partitions: partitions), logger: logger)
        let figures = try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await client.run() }
            defer { group.cancelAll() }
            return try await measure(client, store)
        }
        figures.print()
    }

    private func measure(_ client: RedisClient, _ store: RedisJobStore) async throws -> Figures {
        var figures = Figures()
        let before = try await ServerUse.read(client)
        let maker = JobMaker(queue: queue, model: model, bytes: bytes, partitions: partitions)
        let time = try await ContinuousClock().measure { try await QueueLoader(store: store, maker: maker).load(jobs) }
        figures.add("jobs", jobs)
        figures.add("seconds", time.inSeconds)
        figures.add("used_memory_before", before.usedMemory)
        figures.add("used_memory_after", try await ServerUse.read(client).usedMemory)
        return figures
    }
}
