import JobFlow
import TestKit
import Testing

@testable import JobQueue

@Suite(.timeLimit(.minutes(5))) struct `A watch for the ends of jobs` {
    private let watch = EndWatch()
    private let job = Samples.id(1)

    @Test func `remembers an end that came before the wait`() async {
        let ticket = watch.register(job)
        watch.announce(job)
        await watch.wait(ticket)
    }

    @Test func `a place that was reserved is taken once, or given back`() async throws {
        watch.reserve(Samples.spec(1))
        watch.reserve(Samples.spec(2))
        #expect(watch.count == 2)
        let place = try #require(watch.takeReserved(job))
        #expect(place.spec.id == job)
        #expect(watch.takeReserved(job) == nil)
        watch.announce(job)
        await watch.wait(place.ticket)
        watch.leave(place.ticket)
        #expect(watch.count == 1)
    }

    @Test func `wakes everybody who waits for that job`() async {
        await withTaskGroup { group in
            for _ in 1...20 {
                let ticket = watch.register(job)
                group.addTask { await watch.wait(ticket) }
            }
            await Task.yield()
            watch.announce(job)
        }
    }

    @Test func `leaves those alone who wait for another job`() async {
        let other = watch.register(Samples.id(2))
        let mine = watch.register(job)
        await withTaskGroup { group in
            group.addTask {
                await watch.wait(other)
                return "other"
            }
            group.addTask {
                await watch.wait(mine)
                return "mine"
            }
            watch.announce(job)
            #expect(await group.next() == "mine")
            watch.announce(Samples.id(2))
            #expect(await group.next() == "other")
        }
    }

    @Test func `wakes everybody after a gap`() async {
        let tickets = (1...20).map { watch.register(Samples.id($0)) }
        await withTaskGroup { group in
            for ticket in tickets { group.addTask { await watch.wait(ticket) } }
            watch.announceAll()
        }
    }

    @Test(arguments: 1...50) func `lets a cancelled waiter go`(_ round: Int) async {
        let ticket = watch.register(job)
        await withTaskGroup { group in
            group.addTask { await watch.wait(ticket) }
            if round.isMultiple(of: 2) { await Task.yield() }
            group.cancelAll()
        }
        watch.announce(job)
    }

    @Test func `lets a waiter go who gives the place back`() async {
        let ticket = watch.register(job)
        await withTaskGroup { group in
            group.addTask { await watch.wait(ticket) }
            await Task.yield()
            watch.leave(ticket)
        }
        watch.leave(ticket)
        watch.announce(job)
        watch.announceAll()
    }

    @Test func `lets those go whose time is up, and only those`() async {
        let (mine, other) = (watch.register(job), watch.register(job))
        await withTaskGroup(of: String.self) { group in
            group.addTask {
                await watch.run()
                return "run"
            }
            group.addTask {
                await watch.wait(mine, until: .now + .milliseconds(1))
                return "mine"
            }
            group.addTask {
                await watch.wait(other, until: .now + .seconds(600))
                return "other"
            }
            #expect(await group.next() == "mine")
            watch.announce(job)
            #expect(await group.next() == "other")
            group.cancelAll()
        }
    }

    @Test func `whoever waits when it stops is let go, and who comes later does not wait`() async {
        await withTaskGroup { group in
            for number in 1...20 {
                let ticket = watch.register(Samples.id(number))
                group.addTask { await watch.wait(ticket, until: .now + .seconds(600)) }
            }
            let running = Task { await watch.run() }
            await Task.yield()
            running.cancel()
            await running.value
        }
        await watch.wait(watch.register(job), until: .now + .seconds(600))
    }

    @Test(arguments: 1...20) func `an interruption ends a wait, also one that comes before it`(_ round: Int) async {
        let (ticket, interruption) = (watch.register(job), Interruption())
        await withTaskGroup { group in
            group.addTask { await watch.wait(ticket, unless: interruption) }
            if round.isMultiple(of: 2) { await Task.yield() }
            interruption.raise()
        }
        await watch.wait(watch.register(job), unless: interruption)
        interruption.lower()
        #expect(!interruption.isRaised)
    }

    @Test func `comes through many racing ends, waits and cancellations`() async {
        await withTaskGroup { group in
            for number in 1...300 {
                let ticket = watch.register(Samples.id(number % 7))
                group.addTask {
                    await watch.wait(ticket)
                    watch.leave(ticket)
                }
                group.addTask { watch.announce(Samples.id(number % 7)) }
                if number == 150 { group.addTask { watch.announceAll() } }
            }
            await Task.yield()
            group.cancelAll()
        }
    }
}
