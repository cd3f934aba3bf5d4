import NIOCore
import Testing

@testable import Redis

@Suite struct CommandQueueTests {
    private typealias Queue = CommandQueue<String>

    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private var queue = Queue(limits: limits())
    private var nextTicket: UInt64 = 0

    private static func limits(commands: Int = 5, bytes: Int = 100) -> CommandLimits {
        var configuration = RedisConfiguration(host: "cache")
        configuration.commandTimeout = .seconds(10)
        configuration.maximumPendingCommands = commands
        configuration.maximumPendingBytes = bytes
        return CommandLimits(configuration)
    }

    @discardableResult
    private mutating func add(_ waiter: String, replies: Int = 1, at seconds: Int64 = 0) -> Queue.Acceptance {
        nextTicket += 1
        return queue.enqueue(nextTicket, waiter, replies: replies, now: start + .seconds(seconds)) {
            $0.writeString(waiter)
        }
    }

    private mutating func connect() -> Bool { queue.connected() }

    private mutating func write(at seconds: Int64 = 0) -> String? {
        queue.takeForWriting(now: start + .seconds(seconds)).map { String(buffer: $0) }
    }

    private mutating func connectAndWrite(_ waiters: String...) {
        _ = queue.connected()
        for waiter in waiters { add(waiter) }
        _ = write()
    }

    @Test mutating func `one flush carries a burst`() {
        #expect(!connect())
        #expect(add("a").flush)
        #expect(!add("b").flush)
        #expect(write() == "ab")
        #expect(write() == nil)
        #expect(add("c").flush)
    }

    @Test mutating func `replies go to the callers in order`() {
        connectAndWrite("a", "b", "c")
        #expect(queue.receive([.integer(1), .integer(2)], now: start).answered.map(\.waiter) == ["a", "b"])
        let last = queue.receive([.integer(3)], now: start).answered
        #expect(last.map(\.waiter) == ["c"])
        #expect(last.map(\.replies) == [[.integer(3)]])
        #expect(queue.commandCount == 0 && queue.byteCount == 0 && queue.pending.isEmpty)
    }

    @Test mutating func `a pipeline is answered when its last reply has come`() {
        _ = queue.connected()
        add("a", replies: 3)
        _ = write()
        #expect(queue.receive([.integer(1), .error("ERR x")], now: start).answered.isEmpty)
        let answered = queue.receive([.integer(3)], now: start).answered
        #expect(answered.map(\.replies) == [[.integer(1), .error("ERR x"), .integer(3)]])
    }

    @Test mutating func `a lost connection fails what was written and keeps what was not`() {
        connectAndWrite("a", "b")
        add("c")
        _ = queue.receive([.integer(1)], now: start)
        let failed = queue.connectionLost(RedisError(.connectionLost, "reset"))
        #expect(failed.map(\.waiter) == ["b"])
        #expect(failed.allSatisfy { $0.error.code == .connectionLost && $0.error.wasSent })
        #expect(connect())
        #expect(write() == "c")
        #expect(queue.receive([.integer(3)], now: start).answered.map(\.waiter) == ["c"])
    }

    @Test mutating func `a reply that nobody can read is that of one command; the others have lost their connection`() {
        connectAndWrite("a", "b", "c")
        _ = queue.receive([.integer(1)], now: start)
        let failed = queue.connectionLost(RedisError(.protocolViolation, "nonsense"))
        #expect(failed.map(\.waiter) == ["b", "c"])
        #expect(failed.map(\.error.code) == [.protocolViolation, .connectionLost])
        #expect(failed.allSatisfy { $0.error.wasSent })
    }

    @Test mutating func `half a pipeline's replies do not leak into the next connection`() {
        _ = queue.connected()
        add("a", replies: 2)
        _ = write()
        _ = queue.receive([.integer(1)], now: start)
        #expect(queue.connectionLost(RedisError(.connectionLost, "reset")).count == 1)
        connectAndWrite("b")
        #expect(queue.receive([.integer(9)], now: start).answered.map(\.replies) == [[.integer(9)]])
    }

    @Test mutating func `a cancelled caller's reply is thrown away`() {
        connectAndWrite("a", "b")
        let cancelled = queue.cancel(1)
        #expect(cancelled?.waiter == "a")
        #expect(cancelled?.error.code == .cancelled && cancelled?.error.wasSent == true)
        #expect(queue.cancel(1) == nil)
        let answered = queue.receive([.integer(1), .integer(2)], now: start).answered
        #expect(answered.map(\.waiter) == ["b"])
        #expect(answered.map(\.replies) == [[.integer(2)]])
    }

    @Test mutating func `a command cancelled before it is written is never sent`() {
        add("a")
        add("b")
        add("c")
        #expect(queue.cancel(2)?.error.wasSent == false)
        _ = queue.connected()
        #expect(write() == "ac")
        #expect(queue.commandCount == 2 && queue.byteCount == 2)
    }

    @Test mutating func `calls end at their deadline`() {
        connectAndWrite("a")
        add("b", at: 1)
        #expect(queue.sweep(now: start + .seconds(9)).failed.isEmpty)
        let first = queue.sweep(now: start + .seconds(10))
        #expect(first.failed.map(\.waiter) == ["a"])
        #expect(first.failed.allSatisfy { $0.error.code == .timeout && $0.error.wasSent })
        let second = queue.sweep(now: start + .seconds(11))
        #expect(second.failed.map(\.waiter) == ["b"])
        #expect(second.failed.allSatisfy { $0.error.code == .timeout && !$0.error.wasSent })
        #expect(write() == nil)
    }

    @Test mutating func `a call that waits for a connection in vain says why`() {
        _ = queue.connectionLost(RedisError(.connectionFailed, "refused"))
        add("a")
        let failed = queue.sweep(now: start + .seconds(10)).failed
        #expect(failed.map(\.error.code) == [.connectionFailed])
        #expect(failed.map(\.error.message) == ["no connection to cache:6379 in time: refused"])
        #expect(failed.allSatisfy { !$0.error.wasSent })
        _ = queue.connected()
        #expect(write() == nil)
    }

    @Test mutating func `a silent connection ends though calls were cancelled`() {
        connectAndWrite("a")
        _ = queue.cancel(1)
        #expect(queue.sweep(now: start + .seconds(9)).end == nil)
        #expect(queue.sweep(now: start + .seconds(10)).end?.code == .timeout)
    }

    @Test mutating func `a connection that makes progress stays`() {
        connectAndWrite("a", "b")
        _ = queue.receive([.integer(1)], now: start + .seconds(8))
        #expect(queue.sweep(now: start + .seconds(12)).end == nil)
        _ = queue.receive([], now: start + .seconds(15))
        #expect(queue.sweep(now: start + .seconds(24)).end == nil)
        #expect(queue.sweep(now: start + .seconds(25)).end != nil)
    }

    @Test mutating func `an idle connection is not silent and needs no sweep`() {
        connectAndWrite("a")
        _ = queue.receive([.integer(1)], now: start)
        let sweep = queue.sweep(now: start + .hours(1))
        #expect(sweep.end == nil && !sweep.again)
        #expect(add("b", at: 3600).startSweeping)
        #expect(!add("c", at: 3600).startSweeping)
        _ = write(at: 3600)
        #expect(queue.sweep(now: start + .hours(1)).end == nil)
    }

    @Test mutating func `a replica's refusal drains the connection and then ends it`() {
        connectAndWrite("a", "b")
        let first = queue.receive([.error("READONLY You can't")], now: start)
        #expect(first.answered.map(\.waiter) == ["a"] && first.end == nil)
        #expect(!add("c").flush)
        #expect(write() == nil)
        let second = queue.receive([.integer(2)], now: start)
        #expect(second.answered.map(\.waiter) == ["b"])
        #expect(second.end?.code == .readOnly)
        #expect(queue.connectionLost(RedisError(.readOnly, "drained")).isEmpty)
        #expect(connect())
        #expect(write() == "c")
    }

    @Test mutating func `a wrong password fails what waits at once`() {
        add("a")
        let failed = queue.connectionLost(RedisError(.authentication, "WRONGPASS"))
        #expect(failed.map(\.waiter) == ["a"])
        #expect(failed.allSatisfy { $0.error.code == .authentication && !$0.error.wasSent })
    }

    @Test mutating func `a reply that nobody asked for ends the connection`() {
        connectAndWrite("a")
        let delivery = queue.receive([.integer(1), .integer(2)], now: start)
        #expect(delivery.answered.map(\.waiter) == ["a"])
        #expect(delivery.end?.code == .protocolViolation)
    }

    @Test mutating func `more commands than allowed are refused`() {
        add("a", replies: 3)
        #expect(add("b", replies: 3).refusal?.code == .notReady)
        #expect(add("c", replies: 2).refusal == nil)
        #expect(add("d").refusal?.isRetriable == true)
    }

    @Test mutating func `more bytes than allowed are refused but one command may be large`() {
        queue = Queue(limits: Self.limits(bytes: 10))
        #expect(add(String(repeating: "x", count: 50)).refusal == nil)
        #expect(add("b").refusal?.code == .notReady)
        _ = queue.connected()
        _ = write()
        _ = queue.receive([.null], now: start)
        #expect(add("c").refusal == nil)
    }

    @Test mutating func `closing fails everything and what comes later`() {
        connectAndWrite("a")
        add("b")
        let failed = queue.close()
        #expect(failed.map(\.waiter) == ["a", "b"])
        #expect(failed.map(\.error.code) == [.closed, .closed])
        #expect(failed.map(\.error.wasSent) == [true, false])
        #expect(add("c").refusal?.code == .closed)
        #expect(!connect())
        #expect(queue.connectionLost(RedisError(.connectionLost, "x")).isEmpty)
    }
}

extension CommandQueue.Acceptance {
    fileprivate var flush: Bool {
        if case .accepted(let flush, _) = self { flush } else { false }
    }

    fileprivate var startSweeping: Bool {
        if case .accepted(_, let startSweeping) = self { startSweeping } else { false }
    }

    fileprivate var refusal: RedisError? {
        if case .refused(let failure) = self { failure.error } else { nil }
    }
}
