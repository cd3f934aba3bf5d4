import JobFlow

/// This process' part of the fleet's leaky bucket of one endpoint, seen from its brim: a call is admitted while there is
/// room, and then takes its estimate, so that the room may become negative. That is Azure's own rule. Between two exchanges
/// with the fleet it fills up by this process' part of the rate. A value.
struct TokenMeter: Sendable, Equatable {
    private static let usingTime = Duration.seconds(3)
    /// Weight of the newest call in what a call takes on average.
    private static let share = 0.05
    /// What a process may have in hand that has just begun to use the endpoint, as time at full rate: all may begin at once,
    /// each as if it were alone.
    private static let unshared = 0.25
    /// By then all that began at once are counted among the sharers.
    private static let settling = Duration.milliseconds(100)

    let capacity: EndpointCapacity
    private var room: Double
    private var measuredAt = Timestamp.distantPast
    private var sharers = 1.0
    private var isSharer = false
    private var saidToUseSince: Timestamp?
    /// Admitted since the last report, less what was given back.
    private(set) var taken = 0.0
    private(set) var lastUsed = Timestamp.distantPast
    private var average = 1000.0
    /// The same of what they turned out to take.
    private var used: Double?
    private var caution = BrimCaution()
    private var admitted = AdmittedRate()

    init(_ capacity: EndpointCapacity) {
        self.capacity = capacity
        room = capacity.brim
    }

    /// This process' part of what flows off, in tokens a second.
    private var rate: Double { capacity.tokensPerSecond / sharers }

    func room(at now: Timestamp) -> Double {
        level(at: now) - min(caution.tokens(at: now) + together, max(rate, average), most / 2)
    }

    /// All that share the room see it at the same moment, and may call before one hears of the other: it has to be enough for
    /// a call of each. Costs nothing, as little as caution does.
    private var together: Double { average * (1 - 1 / sharers) }

    private func level(at now: Timestamp) -> Double {
        min(most, room + rate * max(0, (now - measuredAt).inSeconds))
    }

    private var most: Double {
        isSharer ? capacity.brim / sharers : min(capacity.brim, rate * Self.unshared)
    }

    /// Calls that could be admitted now, if they are like the last ones.
    func calls(at now: Timestamp) -> Int {
        let room = room(at: now)
        return room > 0 ? Int(min((room / average).rounded(.up), 1e6)) : 0
    }

    /// What the whole fleet could call on average.
    var callsPerSecond: Double { capacity.tokensPerSecond / max(1, used ?? average) }

    /// What this process lately admitted, as a share of the whole capacity: over all processes it is the fleet's.
    func utilization(at now: Timestamp) -> Double { admitted.perSecond(at: now) / capacity.tokensPerSecond }

    /// When there is room again; nil if there is.
    func opensAt(_ now: Timestamp) -> Timestamp? {
        let room = room(at: now)
        return room > 0 ? nil : now + .milliseconds(Int64(min(-room / rate * 1000, 1e9).rounded(.down)) + 1)
    }

    mutating func admit(_ tokens: Double, at now: Timestamp) {
        take(tokens, at: now)
        average += (tokens - average) * Self.share
        lastUsed = now
    }

    /// A call turned out to take so many more tokens than estimated (or fewer: negative).
    mutating func correct(by tokens: Double, at now: Timestamp) { take(tokens, at: now) }

    private mutating func take(_ tokens: Double, at now: Timestamp) {
        add(-tokens, at: now)
        taken += tokens
        admitted.add(tokens, at: now)
    }

    /// A call was answered, and took so many.
    mutating func answered(_ tokens: Double) { used = used.map { $0 + (tokens - $0) * Self.share } ?? tokens }

    /// The endpoint itself refuses calls for so long. Where there should have been room, it has less than we believe.
    mutating func refused(for wait: Duration, at now: Timestamp) {
        let room = room(at: now)
        if room > 0 { caution.learn(min(room + rate * wait.inSeconds, rate) / 2, at: now) }
        filled(for: wait, at: now)
    }

    /// It is known to be full for so long.
    mutating func filled(for wait: Duration, at now: Timestamp) {
        add(0, at: now)
        room = min(room, -rate * wait.inSeconds)
    }

    /// Has, or lately had, work for it. Who makes a call a second now and then counts all the time: else the others would take
    /// its part meanwhile.
    func isUsing(at now: Timestamp) -> Bool { now - lastUsed < Self.usingTime }

    /// What goes into the next report.
    mutating func report(at now: Timestamp) -> TokenReport {
        defer { taken = 0 }
        let isUsing = isUsing(at: now)
        saidToUseSince = isUsing ? saidToUseSince ?? now : nil
        return TokenReport(rate: capacity.tokensPerSecond, burst: capacity.brim, taken: taken, isUsing: isUsing)
    }

    /// What the fleet's bucket holds now. What was taken since the report is not in it yet.
    mutating func measured(_ fleet: TokenRoom, at now: Timestamp) {
        sharers = Double(max(1, fleet.sharers))
        isSharer = saidToUseSince.map { now - $0 >= Self.settling } ?? false
        room = fleet.tokens / sharers - taken
        measuredAt = now
    }

    /// There is no fleet: all of it is this process'.
    mutating func ownsAll() { isSharer = true }

    private mutating func add(_ tokens: Double, at now: Timestamp) {
        room = level(at: now) + tokens
        measuredAt = max(measuredAt, now)
    }
}
