import Testing

@testable import Curl

@Suite(.timeLimit(.minutes(5))) struct StartWindowTests {
    private let now = ContinuousClock.now
    private let width = UInt64(StartWindow.width)

    /// A window with as many starting as may, and `waiting` behind them; ids count from 0.
    private func full(waiting: UInt64) -> StartWindow {
        var window = StartWindow()
        for id in 0..<width + waiting {
            #expect(window.arrive(id, host: "a", deadline: now + .seconds(Int(id))) == (id < width))
        }
        return window
    }

    @Test func `the rest of a burst starts in order as addresses come`() {
        var window = full(waiting: 3)
        #expect(window.isWaiting(width))
        #expect(window.leave(5) == width)
        #expect(!window.isWaiting(width))
        #expect(window.leave(0) == width + 1)
        #expect(window.starting.count == StartWindow.width)
    }

    @Test func `one host does not hold up another`() {
        var window = full(waiting: 1)
        #expect(window.arrive(100, host: "b", deadline: now) == true)
        #expect(window.leave(100) == nil)
        #expect(window.isWaiting(width))
    }

    @Test func `who gives up waiting is passed over`() {
        var window = full(waiting: 3)
        #expect(window.leave(width) == nil)
        #expect(window.leave(width + 1) == nil)
        #expect(window.leave(1) == width + 2)
        #expect(window.leave(2) == nil)
    }

    @Test func `leaving twice counts once`() {
        var window = full(waiting: 2)
        #expect(window.leave(3) == width)
        #expect(window.leave(3) == nil)
        #expect(window.isWaiting(width + 1))
    }

    @Test func `it is empty and open again when all have left`() {
        var window = full(waiting: 4)
        for id in 0..<width + 4 { _ = window.leave(id) }
        #expect(window.isEmpty)
        #expect(window.starting.isEmpty)
        #expect(window.arrive(1000, host: "a", deadline: now) == true)
    }

    @Test func `time runs for those who wait and those who start`() {
        let window = full(waiting: 4)
        #expect(window.late(at: now) == [0])
        #expect(Set(window.late(at: now + .seconds(Int(width)))) == Set(0...width))
    }

    @Test(arguments: [
        ("http://host:8080/path?x=http://other/", "http:host:8080"), ("https://Host", "https:Host"),
        ("https://user:secret@host?query", "https:host"), ("http://[::1]:80/", "http:[::1]:80"),
    ])
    func `the host is what a name look-up depends on`(url: String, host: String) {
        let start = TransferStart(CurlRequest(url: url, timeout: .seconds(2)), now: now)
        #expect(start == TransferStart(CurlRequest(url: url, connectTimeout: .seconds(2)), now: now))
        #expect(start.host == host)
        #expect(start.deadline == now + .seconds(2))
    }
}
