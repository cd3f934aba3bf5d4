import NIOCore
import Testing

@testable import JobIntake

@Suite struct ConnectionStateTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private func later(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }
    private func fresh() -> ConnectionState { ConnectionState(requestTimeout: .seconds(30)) }

    @Test func `a request that arrives in time leaves nothing behind`() {
        var state = fresh()
        #expect(state.bytesArrived(at: start) == later(30))
        #expect(state.headArrived(at: later(1)) == true)
        #expect(state.bytesArrived(at: later(2)) == nil)
        state.requestEnded()
        #expect(state.answerBegan() == false)
        #expect(state.answerEnded(at: later(3)) == nil)
        #expect(state.timerFired(at: later(30)) == .nothing)
    }

    @Test func `the clock starts with the first byte and goes on through header and body`() {
        var state = fresh()
        _ = state.bytesArrived(at: start)
        #expect(state.timerFired(at: later(29)) == .again(later(30)))
        #expect(state.headArrived(at: later(29)) == true)
        #expect(state.timerFired(at: later(30)) == .answerTimeout)
        #expect(state.isEnding)
        #expect(state.headArrived(at: later(31)) == false)
        #expect(state.timerFired(at: later(31)) == .again(later(32)))
        #expect(state.timerFired(at: later(32)) == .abort)
    }

    @Test func `a streamed body may take its time as long as it comes`() {
        var state = fresh()
        _ = state.bytesArrived(at: start)
        #expect(state.headArrived(at: later(1), isStreamed: true) == true)
        for seconds in stride(from: Int64(20), through: 200, by: 20) {
            state.bodyArrived(at: later(seconds))
            #expect(state.timerFired(at: later(seconds + 19)) == .again(later(seconds + 30)))
        }
        #expect(state.timerFired(at: later(230)) == .answerTimeout)
    }

    @Test func `a slow header is answered too`() {
        var state = fresh()
        _ = state.bytesArrived(at: start)
        #expect(state.timerFired(at: later(31)) == .answerTimeout)
    }

    @Test func `nothing overtakes the answer that an earlier request waits for`() {
        var state = fresh()
        _ = state.bytesArrived(at: start)
        _ = state.headArrived(at: start)
        state.requestEnded()
        _ = state.bytesArrived(at: later(1))
        _ = state.headArrived(at: later(1))
        #expect(state.timerFired(at: later(31)) == .again(later(61)))
        #expect(state.errorArrived(at: later(32)) == .abort)
        #expect(state.answerBegan() == false)
        #expect(state.answerEnded(at: later(33)) == nil)
        #expect(state.timerFired(at: later(61)) == .answerTimeout)
    }

    @Test func `an answer before the end of its request is the last on its connection`() {
        var state = fresh()
        _ = state.bytesArrived(at: start)
        _ = state.headArrived(at: start)
        #expect(state.answerBegan() == true)
        #expect(state.timerFired(at: later(31)) == .abort)
        #expect(state.answerEnded(at: later(31)) == later(33))
        #expect(!state.isEnding)
        state.requestEnded()
        #expect(state.timerFired(at: later(32)) == .again(later(33)))
        #expect(state.headArrived(at: later(32)) == false)
        #expect(state.errorArrived(at: later(32)) == .nothing)
        #expect(state.timerFired(at: later(33)) == .abort)
    }

    @Test func `what is not HTTP is answered once`() {
        var state = fresh()
        _ = state.bytesArrived(at: start)
        #expect(state.errorArrived(at: start) == .answerMalformed)
        #expect(state.errorArrived(at: start) == .nothing)
        #expect(state.bytesArrived(at: start) == nil)
    }
}
