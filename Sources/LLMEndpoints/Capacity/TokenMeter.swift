import JobFlow

/// This process' part of the fleet's leaky bucket of one endpoint, seen from its brim: a call is admitted while there is
/// room, and then takes its estimate, so that the room may become negative. That is Azure's own rule. Between two exchanges
/// with the fleet it fills up by this process' part of the rate. A value.
struct TokenMeter: Sendable, Equatable {
    /// Weight of the newest call in what a call takes on average.
    private static let share = 0.05

    let capacity: EndpointCapacity
    private var room: Double
    private var measuredAt = Timestamp(milliseconds: 0)
    private var sharers = 1.0
    /// Admitted since the last report, less what was given back.
    private(set) var taken = 0.0
    private(set) var lastUsed = Timestamp(milliseconds: 0)
    private var average = 1000.0

    init(_ capacity: EndpointCapacity) {
        self.capacity = capacity
        room = capacity.brim
    }

    /// This process' part of what flows off, in tokens a second.
    private var rate: Double { capacity.tokensPerSecond / sharers }

    func room(at now: Timestamp) -> Double {
        min(capacity.brim / sharers, room + rate * max(0, (now - measuredAt).inSeconds))
    }

    /// Calls that could be admitted now, if they are like the last ones.
    func calls(at now: Timestamp) -> Int {
        let room = room(at: now)
        return room > 0 ? Int(min((room / average).rounded(.up), 1e6)) : 0
    }

    /// What the whole fleet could call on average.
    var callsPerSecond: Double { capacity.tokensPerSecond / max(1, average) }

    /// When there is room again; nil if there is.
    func opensAt(_ now: Timestamp) -> Timestamp? {
        let room = room(at: now)
        return room > 0 ? nil : now + .milliseconds(Int64(min(-room / rate * 1000, 1e9).rounded(.down)) + 1)
    }

    mutating func admit(_ tokens: Double, at now: Timestamp) {
        add(-tokens, at: now)
        taken += tokens
        average += (tokens - average) * Self.share
        lastUsed = now
    }

    /// A call turned out to take so many more tokens than estimated (or fewer: negative).
    mutating func correct(by tokens: Double, at now: Timestamp) {
        add(-tokens, at: now)
        taken += tokens
    }

    /// The endpoint itself says that it is full for so long.
    mutating func filled(for wait: Duration, at now: Timestamp) {
        add(0, at: now)
        room = min(room, -rate * wait.inSeconds)
    }

    /// What goes into the next report.
    mutating func report(at now: Timestamp) -> TokenReport {
        defer { taken = 0 }
        return TokenReport(
            rate: capacity.tokensPerSecond, burst: capacity.brim, taken: taken, isUsing: now - lastUsed < .seconds(1))
    }

    /// What the fleet's bucket holds now. What was taken since the report is not in it yet.
    mutating func measured(_ fleet: TokenRoom, at now: Timestamp) {
        sharers = Double(max(1, fleet.sharers))
        room = fleet.tokens / sharers - taken
        measuredAt = now
    }

    private mutating func add(_ tokens: Double, at now: Timestamp) {
        room = room(at: now) + tokens
        measuredAt = max(measuredAt, now)
    }
}
