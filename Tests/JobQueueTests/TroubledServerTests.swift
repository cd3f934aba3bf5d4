import Foundation
import JobFlow
import LiveRedis
import Logging
import NIOPosix
import Redis
import TestKit
import Testing

@testable import JobQueue

/// What a restarted, failed-over or overloaded server answers. No client may take it for the end, and none may look alive
/// and consume nothing.
@Suite(.timeLimit(.minutes(3)), .serialized) struct `A queue whose server is in trouble` {
    enum Trouble: String, CaseIterable, CustomTestStringConvertible {
        case loading, readOnly, busy, full, scriptsForgotten, unblocked, clusterDown, tooManyClients, halfOpen, killed

        var testDescription: String { rawValue }

        var options: [String] {
            switch self {
            case .loading:
                [
                    "--enable-debug-command", "yes", "--key-load-delay", "3000",
                    "--loading-process-events-interval-bytes", "1024",
                ]
            case .busy: ["--busy-reply-threshold", "20"]
            case .clusterDown: ["--cluster-enabled", "yes"]
            case .readOnly, .full, .scriptsForgotten, .unblocked, .tooManyClients, .halfOpen, .killed: []
            }
        }
    }

    /// What the worker of a test has come to.
    private actor Log {
        var claimed: [JobID] = []
        var errors: [StoreError] = []

        func add(_ round: ClaimRound) { claimed += round.claims.map(\.spec.id) }
        func add(_ error: StoreError) { errors.append(error) }
    }

    @Test(arguments: Trouble.allCases)
    func `is worked on again when the trouble is over`(_ trouble: Trouble) async throws {
        try await QueueOnRedis.run(trouble.options, commandTimeout: .seconds(1), timeIsReal: true) { queue in
            try await prepare(trouble, queue)
            let log = Log()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await work(queue.store, log) }
                group.addTask { await sleepForWork(queue.store, log) }
                _ = try await queue.store.submit(Samples.spec(1))
                try await eventually { await log.claimed.count == 1 }

                let end = try await begin(trouble, queue)
                if trouble.isSeen { try await eventually { await !log.errors.isEmpty } }
                try await end()
                try await eventually { (try? await queue.store.submit(Samples.spec(2))) == .accepted }
                try await eventually { await log.claimed.contains(Samples.id(2)) }
                group.cancelAll()
            }
            #expect(await log.errors.allSatisfy { $0.isRetriable || [.serverChanged, .cancelled].contains($0.code) })
        }
    }

    /// As the claim loop of a worker, without its pauses.
    private func work(_ store: RedisJobStore, _ log: Log) async {
        var server: ServerIdentity?
        while !Task.isCancelled {
            do throws(StoreError) {
                if server == nil { server = try await store.server(0).identity }
                guard let known = server else { continue }
                await log.add(
                    try await store.claim(
                        ClaimRequest(
                            partition: 0, worker: "w", lease: .seconds(60), limit: 5,
                            round: StoreUnderTest.nextRound(), server: known,
                            shares: [QueueShare(queue: "default", jobs: 5)])))
            } catch {
                if error.code == .serverChanged { server = nil }
                await log.add(error)
            }
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    private func sleepForWork(_ store: RedisJobStore, _ log: Log) async {
        while !Task.isCancelled {
            do throws(StoreError) { try await store.waitForWork([0], atMost: .seconds(1)) } catch {
                await log.add(error)
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    private func prepare(_ trouble: Trouble, _ queue: QueueOnRedis) async throws {
        guard trouble == .clusterDown else { return }
        _ = try await queue.client.send(["CLUSTER", "ADDSLOTSRANGE", "0", "16383"])
        try await eventually {
            try await queue.client.send(["CLUSTER", "INFO"]).string?.contains("cluster_state:ok") == true
        }
    }

    /// Returns what ends it.
    private func begin(_ trouble: Trouble, _ queue: QueueOnRedis) async throws -> @Sendable () async throws -> Void {
        func command(_ words: RedisArgument...) -> @Sendable () async throws -> Void {
            { try await queue.server.command(words) }
        }
        switch trouble {
        case .loading:
            try await command("DEBUG", "POPULATE", "500")()
            try await command("SAVE")()
            queue.server.kill()
            try await queue.server.restart()
            return {}
        case .readOnly:
            try await command("REPLICAOF", "127.0.0.1", "1")()
            return command("REPLICAOF", "NO", "ONE")
        case .busy:
            queue.server.commandInBackground(["EVAL", "while true do end", "0"])
            return { queue.server.commandInBackground(["SCRIPT", "KILL"]) }
        case .full:
            try await command("CONFIG", "SET", "maxmemory", "1")()
            return command("CONFIG", "SET", "maxmemory", "0")
        case .scriptsForgotten:
            return command("SCRIPT", "FLUSH")
        case .unblocked:
            return {
                for client in try await queue.server.clients(that: "cmd=blpop") {
                    try await queue.server.command(["CLIENT", "UNBLOCK", .string(client), "ERROR"])
                }
            }
        case .clusterDown:
            try await command("CLUSTER", "DELSLOTSRANGE", "0", "16383")()
            return command("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
        case .tooManyClients:
            // By a connection that is there and stays: no other can be had.
            _ = try await queue.client.send(["CONFIG", "SET", "maxclients", "1"])
            _ = try await queue.client.send(["CLIENT", "KILL", "TYPE", "normal"])
            return { _ = try await queue.client.send(["CONFIG", "SET", "maxclients", "100"]) }
        case .halfOpen:
            queue.server.signal(SIGSTOP)
            return { queue.server.signal(SIGCONT) }
        case .killed:
            queue.server.kill()
            return { try await queue.server.restart() }
        }
    }
}

extension `A queue whose server is in trouble`.Trouble {
    /// Whether a worker has to notice; the others are over before it looks again.
    fileprivate var isSeen: Bool {
        switch self {
        case .loading, .readOnly, .busy, .clusterDown, .tooManyClients, .halfOpen, .killed: true
        case .full, .scriptsForgotten, .unblocked: false
        }
    }
}
