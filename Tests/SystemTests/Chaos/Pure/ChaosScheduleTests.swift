import Testing

struct ChaosScheduleTests {
    private let span = Duration.seconds(45)

    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func `a seed names a schedule, in which everything goes wrong at least once`(seed: UInt64) {
        let schedule = ChaosSchedule(seed: seed, span: span, lease: .seconds(2))
        #expect(schedule == ChaosSchedule(seed: seed, span: span, lease: .seconds(2)))
        #expect(schedule != ChaosSchedule(seed: seed + 1, span: span, lease: .seconds(2)))
        #expect(Set(schedule.steps.map(\.fault.kind)) == Set(ChaosFault.Kind.allCases))
    }

    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func `faults of one lane come one after the other, and all end in time`(seed: UInt64) {
        let schedule = ChaosSchedule(seed: seed, span: span, lease: .seconds(2))
        for lane in ChaosFault.Lane.allCases {
            let steps = schedule.steps(in: lane)
            for (step, next) in zip(steps, steps.dropFirst()) { #expect(step.at + step.fault.length < next.at) }
            #expect(steps.allSatisfy { $0.at + $0.fault.length <= span })
        }
    }

    @Test func `a frozen worker sleeps longer than its leases last`() {
        for seed in 1...50 as ClosedRange<UInt64> {
            for step in ChaosSchedule(seed: seed, span: .seconds(180), lease: .seconds(30)).steps {
                if case .freezeWorker(_, let length) = step.fault { #expect(length > .seconds(30)) }
            }
        }
    }
}
