import JobFlow

extension PoolBoardContract {
    static let metering = [
        Case("a bucket that nobody knew of is full") { test in
            try promise(try await test.take(0), is: TokenRoom(tokens: 1000, rate: 0.001, burst: 1000))
            try promise(try await test.take(300).tokens.rounded(), is: 700)
        },
        Case("what one process took is missing to all, below zero too") { test in
            try await test.take(600, "a")
            try promise(try await test.take(700, "b").tokens.rounded(), is: -300)
            try promise(try await test.look().room?.tokens.rounded(), is: -300)
            try promise(try await test.report("c").room?.tokens.rounded(), is: -300)
        },
        Case("room comes back with time, up to the brim") { test in
            try await test.take(1000, rate: 5000)
            try await test.advance(.milliseconds(400))
            try promise(try await test.look().room?.tokens, is: 1000)
            try promise(try await test.take(200, rate: 5000).tokens, is: 800)
        },
        Case("what is given back never goes over the brim") { test in
            try await test.take(500)
            try promise(try await test.take(-200).tokens.rounded(), is: 700)
            try promise(try await test.take(-900).tokens, is: 1000)
        },
        Case("a changed capacity takes effect") { test in
            try await test.take(0, "a")
            try promise(try await test.take(100, "b", rate: 0.002, burst: 400).tokens.rounded(), is: 300)
            try promise(try await test.look().room?.burst, is: 400)
            try promise(try await test.look().room?.rate, is: 0.002)
        },
        Case("a throttle says how full the endpoint is") { test in
            let throttled = try await test.report {
                $0.throttle = .seconds(10)
                $0.tokens = TokenReport(rate: 100, burst: 1000, taken: 0, isUsing: true)
            }
            try promise(throttled.room?.tokens, is: -1000)
            try await test.take(9000, rate: 100)
            let emptier = try await test.report {
                $0.throttle = .seconds(1)
                $0.tokens = TokenReport(rate: 100, burst: 1000, taken: 0, isUsing: true)
            }
            try promise(try promised(emptier.room, "room").tokens < -5000, "a throttle gave room")
        },
        Case("those that use an endpoint share it, for two seconds") { test in
            try promise(try await test.take(1, "a").sharers, is: 1)
            try promise(try await test.take(1, "b").sharers, is: 2)
            try promise(try await test.take(1, "c", isUsing: false).sharers, is: 2)
            try await test.advance(.milliseconds(2100))
            try promise(try await test.take(1, "c").sharers, is: 1)
            try promise(try await test.look().room?.sharers, is: 1)
        },
        Case("twenty processes never find more room than flows in") { test in
            let (rate, burst, start) = (5000.0, 800.0, test.now())
            let taken = try await all(20) { number in
                var (taken, due) = (0.0, 0.0)
                for _ in 1...10 {
                    let room = try await test.take(due, "p\(number)", rate: rate, burst: burst)
                    taken += due
                    due = max(0, room.tokens / Double(room.sharers)).rounded(.up)
                    try await test.advance(.milliseconds(5))
                }
                try await test.take(due, "p\(number)", rate: rate, burst: burst)
                return taken + due
            }.reduce(0, +)
            let room = try promised(try await test.look().room, "room").tokens
            let most = burst + rate * ((test.now() - start).inSeconds + 0.002)
            try promise(taken > burst, "only \(taken) was taken")
            try promise(taken + room <= most, "\(taken) taken and \(room) left of \(most)")
        },
    ]
}
