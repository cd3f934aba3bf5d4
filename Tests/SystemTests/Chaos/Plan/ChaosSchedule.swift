import JobFlow
import TestKit

/// What goes wrong when, in one round. A pure value of its seed: the number names the round.
struct ChaosSchedule: Sendable, Equatable {
    struct Step: Sendable, Equatable {
        /// Since the start of the round.
        var at: Duration
        var fault: ChaosFault
    }

    let steps: [Step]

    /// Every kind comes once before any comes again. A kind that no longer fits into the span is left out.
    init(seed: UInt64, span: Duration, lease: Duration) {
        var dice = Dice(seed: seed)
        var steps: [Step] = []
        var free: [ChaosFault.Lane: Duration] = [:]
        var now = Duration.seconds(1)
        // With long leases it takes longer until a fault was made good.
        let pace = max(1, lease.inSeconds / 10)
        while now < span {
            for kind in dice.shuffled(ChaosFault.Kind.allCases) {
                let fault = dice.fault(kind, lease: lease)
                let at = max(now, free[kind.lane] ?? .zero)
                now += dice.duration(700...2500) * pace
                guard at + fault.length <= span else { continue }
                steps.append(Step(at: at, fault: fault))
                free[kind.lane] = at + fault.length + dice.duration(300...1000)
            }
        }
        self.steps = steps.sorted { $0.at < $1.at }
    }

    func steps(in lane: ChaosFault.Lane) -> [Step] { steps.filter { $0.fault.kind.lane == lane } }
}

/// Draws everything about a schedule.
private struct Dice {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func shuffled(_ kinds: [ChaosFault.Kind]) -> [ChaosFault.Kind] { kinds.shuffled(using: &generator) }

    mutating func duration(_ milliseconds: ClosedRange<Int>) -> Duration {
        .milliseconds(Int.random(in: milliseconds, using: &generator))
    }

    mutating func fault(_ kind: ChaosFault.Kind, lease: Duration) -> ChaosFault {
        let pick = Int.random(in: 0..<1000, using: &generator)
        let short = duration(200...3000)
        switch kind {
        case .killWorker: return .killWorker(pick: pick)
        case .freezeWorker: return .freezeWorker(pick: pick, lease + lease * 0.25 + short * 0.5)
        case .drainWorker: return .drainWorker(pick: pick)
        case .killIntake: return .killIntake
        case .killRedis: return .killRedis(away: short)
        case .cutConnections: return .cutConnections
        case .delayConnections: return .delayConnections(each: duration(5...200), .seconds(1) + short)
        case .blackhole: return .blackhole(pick.isMultiple(of: 3) ? min(lease, .seconds(5)) + short * 0.5 : short)
        case .refuseConnections: return .refuseConnections(short)
        case .fillDisk: return .fillDisk(.seconds(1) + short)
        case .hangUpstream: return .hangUpstream(pick: pick, .milliseconds(500) + short)
        }
    }
}
