import JobFlow

/// No host takes the places of the others.
extension WebhookOutboxContract {
    static let sharing = [
        Case("no more events are taken than were asked for, and none twice") { test in
            for number in 1...5 { try await test.ended(number) }
            let first = try await test.take(2).claims
            let rest = try await test.take(10).claims
            try promise(first.count, is: 2)
            try promise(Set((first + rest).map(\.event.id.job)), is: Set((1...5).map { Samples.id($0) }))
            try promise((first + rest).count, is: 5)
        },
        Case("a host has so many events in all hands, the others go past it") { test in
            for number in 1...4 { try await test.ended(number, url: "https://slow.example/a") }
            for number in 5...6 { try await test.ended(number, url: "https://quick.example/b") }
            let claims = try await test.take(10, ofHost: 2).claims
            try promise(claims.filter { $0.event.url.host == "slow.example" }.count, is: 2)
            try promise(claims.filter { $0.event.url.host == "quick.example" }.count, is: 2)
            try promise(try await test.take(10, ofHost: 2).claims, is: [])
            let slow = try promised(claims.first { $0.event.url.host == "slow.example" }, "a claim")
            try await test.report(slow, .delivered, status: 200)
            let next = try await test.take(10, ofHost: 2).claims
            try promise(next.map(\.event.url.host), is: ["slow.example"])
        },
        Case("a host is the same in capital letters, and another with another port") { test in
            for (number, url) in ["https://h.example/", "https://H.EXAMPLE/", "https://h.example:8443/"].enumerated() {
                try await test.ended(number + 1, url: url)
            }
            try promise(try await test.take(10, ofHost: 1).claims.count, is: 2)
        },
        Case("the places of a host that a dead worker had are free again after the lease") { test in
            for number in 1...2 { try await test.ended(number) }
            try promise(try await test.take(10, ofHost: 1, lease: .milliseconds(60)).claims.count, is: 1)
            try promise(try await test.take(10, ofHost: 1).claims, is: [])
            try await test.queue.advance(.milliseconds(100))
            try promise(try await test.take(10, ofHost: 1).claims.count, is: 1)
            try promise(try await test.take(10, ofHost: 1).claims, is: [])
        },
    ]
}
