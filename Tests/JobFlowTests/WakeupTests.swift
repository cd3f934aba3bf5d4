import TestKit
import Testing

@testable import JobFlow

/// A lost wake-up would show as a test that takes an hour.
@Suite(.timeLimit(.minutes(5))) struct WakeupTests {
    @Test func `a call before the sleep is remembered, once`() async {
        let wakeup = Wakeup()
        wakeup.raise()
        wakeup.raise()
        await wakeup.sleep(atMost: .seconds(3600))
        await wakeup.sleep(atMost: .milliseconds(1))
    }

    @Test func `a call during the sleep ends it`() async {
        let wakeup = Wakeup()
        await withTaskGroup { group in
            group.addTask { await wakeup.sleep(atMost: .seconds(3600)) }
            group.addTask { wakeup.raise() }
            await group.waitForAll()
        }
    }

    @Test(arguments: [.zero, .milliseconds(-5), .milliseconds(1)] as [Duration])
    func `time ends the sleep`(limit: Duration) async { await Wakeup().sleep(atMost: limit) }

    @Test func `cancellation ends the sleep, before and after it began`() async {
        let wakeup = Wakeup()
        for round in 0..<200 {
            await withTaskGroup { group in
                group.addTask { await wakeup.sleep(atMost: .seconds(3600)) }
                if round.isMultiple(of: 2) { await Task.yield() }
                group.cancelAll()
            }
        }
    }

    @Test func `a call after a sleep that ran out of time is kept for the next`() async {
        let wakeup = Wakeup()
        for _ in 0..<200 {
            await wakeup.sleep(atMost: .microseconds(10))
            wakeup.raise()
            await wakeup.sleep(atMost: .seconds(3600))
        }
    }

    @Test func `of many who call at any time, none is lost`() async {
        let wakeup = Wakeup()
        let callers = 4
        let calls = 2000
        await withTaskGroup { group in
            for _ in 0..<callers {
                group.addTask {
                    for call in 0..<calls {
                        wakeup.raise()
                        if call.isMultiple(of: 7) { await Task.yield() }
                    }
                }
            }
            group.addTask {
                // Whoever sleeps after the last call still finds it.
                await wakeup.sleep(atMost: .seconds(3600))
            }
            await group.waitForAll()
        }
    }

    @Test func `one who sleeps again and again hears every partner`() async {
        let wakeup = Wakeup()
        let heard = Wakeup()
        await withTaskGroup { group in
            group.addTask {
                for _ in 0..<5000 {
                    await wakeup.sleep(atMost: .seconds(3600))
                    heard.raise()
                }
            }
            group.addTask {
                for _ in 0..<5000 {
                    wakeup.raise()
                    await heard.sleep(atMost: .seconds(3600))
                }
            }
            await group.waitForAll()
        }
    }
}
