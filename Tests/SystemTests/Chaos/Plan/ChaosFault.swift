/// One thing that goes wrong. `pick` chooses among those that are there at that moment.
enum ChaosFault: Sendable, Equatable {
    case killWorker(pick: Int)
    /// Stopped for so long, then continued: it wakes up as a zombie if its leases ran out meanwhile.
    case freezeWorker(pick: Int, Duration)
    /// SIGTERM: it drains, and is started again.
    case drainWorker(pick: Int)
    case killIntake
    /// SIGKILL, and started again on the same files after so long.
    case killRedis(away: Duration)
    case cutConnections
    case delayConnections(each: Duration, Duration)
    /// Connections are taken and nothing is carried; then everything that waited goes through, late.
    case blackhole(Duration)
    case refuseConnections(Duration)
    case fillDisk(Duration)
    case hangUpstream(pick: Int, Duration)

    enum Kind: String, Sendable, CaseIterable {
        case killWorker = "worker killed"
        case freezeWorker = "worker frozen"
        case drainWorker = "worker drained"
        case killIntake = "intake killed"
        case killRedis = "redis killed"
        case cutConnections = "connections cut"
        case delayConnections = "connections slow"
        case blackhole = "connections black"
        case refuseConnections = "connections refused"
        case fillDisk = "disk full"
        case hangUpstream = "upstream hangs"
    }

    /// Faults of one lane come one after the other, those of different lanes meet.
    enum Lane: Sendable, CaseIterable { case workers, intake, network, disk, upstream }

    var kind: Kind {
        switch self {
        case .killWorker: .killWorker
        case .freezeWorker: .freezeWorker
        case .drainWorker: .drainWorker
        case .killIntake: .killIntake
        case .killRedis: .killRedis
        case .cutConnections: .cutConnections
        case .delayConnections: .delayConnections
        case .blackhole: .blackhole
        case .refuseConnections: .refuseConnections
        case .fillDisk: .fillDisk
        case .hangUpstream: .hangUpstream
        }
    }

    /// How long it lasts, as far as that is planned.
    var length: Duration {
        switch self {
        case .killWorker, .drainWorker, .killIntake, .cutConnections: .zero
        case .freezeWorker(_, let length), .killRedis(let length), .delayConnections(_, let length),
            .blackhole(let length), .refuseConnections(let length), .fillDisk(let length),
            .hangUpstream(_, let length):
            length
        }
    }
}

extension ChaosFault.Kind {
    /// Whether it can make a paid answer useless: by ending who waits for it, or by keeping him from the queue.
    var canCostCalls: Bool {
        switch self {
        case .killWorker, .freezeWorker, .drainWorker, .killRedis, .cutConnections, .delayConnections, .blackhole,
            .refuseConnections:
            true
        case .killIntake, .fillDisk, .hangUpstream: false
        }
    }

    var lane: ChaosFault.Lane {
        switch self {
        case .killWorker, .freezeWorker, .drainWorker: .workers
        case .killIntake: .intake
        case .killRedis, .cutConnections, .delayConnections, .blackhole, .refuseConnections: .network
        case .fillDisk: .disk
        case .hangUpstream: .upstream
        }
    }
}
