import PoolSimulator
import Testing

@Suite struct AdmissionBucketTests {
    private let minute: Int64 = 60_000_000

    @Test func `a bucket without a limit admits everything`() {
        var bucket = AdmissionBucket()
        #expect(bucket.admit(1_000_000_000, tokensPerMinute: nil, now: 0) == .admitted)
        #expect(bucket.admit(1_000_000_000, tokensPerMinute: nil, now: 0) == .admitted)
    }

    @Test func `a burst may pass above the brim, the next call may not`() {
        var bucket = AdmissionBucket()
        #expect(bucket.admit(999, tokensPerMinute: 1000, now: 0) == .admitted)
        #expect(bucket.admit(500, tokensPerMinute: 1000, now: 0) == .admitted)
        // 499 tokens too many drain in 29.94 s; one millisecond later the level is below the brim.
        #expect(bucket.admit(1, tokensPerMinute: 1000, now: 0) == .full(retryAfterMs: 29_941))
    }

    @Test(arguments: [1, 7, 60, 999, 1000, 12_345, 1_000_000_000])
    func `the wait that a full bucket names is exact to the millisecond`(tokensPerMinute: Int) {
        var bucket = AdmissionBucket()
        _ = bucket.admit(tokensPerMinute, tokensPerMinute: tokensPerMinute, now: 17)
        _ = bucket.admit(1, tokensPerMinute: tokensPerMinute, now: 17)
        var now: Int64 = 17
        for _ in 0..<50 {
            guard case .full(let wait, _) = bucket.admit(3, tokensPerMinute: tokensPerMinute, now: now) else {
                now += 1
                continue
            }
            var tooEarly = bucket
            let early = tooEarly.admit(3, tokensPerMinute: tokensPerMinute, now: now + Int64(wait - 1) * 1000)
            #expect(early != .admitted)
            now += Int64(wait) * 1000
            #expect(bucket.admit(3, tokensPerMinute: tokensPerMinute, now: now) == .admitted)
        }
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `over six hours of overload it admits its rate and no more`(seed: UInt64) {
        let tokensPerMinute = 90_000
        var bucket = AdmissionBucket()
        var generator = SeededGenerator(seed: seed)
        var now: Int64 = 0
        var admitted = 0
        while now < 360 * minute {
            now += Int64(generator.share() * 200_000)
            let tokens = Int(generator.share() * 2000)
            if bucket.admit(tokens, tokensPerMinute: tokensPerMinute, now: now) == .admitted { admitted += tokens }
        }
        let rate = 360 * tokensPerMinute
        #expect(admitted <= rate + tokensPerMinute + 2000)
        #expect(admitted >= rate - 2000)
    }

    @Test func `what a call did not use is given back, and a level never falls below nothing`() {
        var bucket = AdmissionBucket()
        _ = bucket.admit(1000, tokensPerMinute: 1000, now: 0)
        bucket.correct(by: -400, tokensPerMinute: 1000, now: 0)
        #expect(bucket.remaining(tokensPerMinute: 1000, now: 0) == 400)
        bucket.correct(by: -5000, tokensPerMinute: 1000, now: 0)
        #expect(bucket.remaining(tokensPerMinute: 1000, now: 0) == 1000)
        #expect(bucket.admit(1001, tokensPerMinute: 1000, now: 0) == .admitted)
        #expect(bucket.admit(1, tokensPerMinute: 1000, now: 0) != .admitted)
    }

    @Test func `time that runs backwards and time without end do no harm`() {
        var bucket = AdmissionBucket()
        _ = bucket.admit(1000, tokensPerMinute: 1000, now: 5 * minute)
        #expect(bucket.remaining(tokensPerMinute: 1000, now: 0) == 0)
        #expect(bucket.admit(1, tokensPerMinute: 1_000_000_000, now: .max) == .admitted)
        #expect(bucket.admit(.max, tokensPerMinute: 1000, now: .max) == .admitted)
    }
}
