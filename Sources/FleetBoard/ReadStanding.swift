import JobFlow
import Redis

/// The replies of `exchange.lua` and the announcements: lines of words, see `gates` and `standing` in `endpoint.lua`. Nil
/// for another shape.
enum ReadStanding {
    static func standing(_ reply: RedisReply, of endpoints: [String]) -> PoolStanding? {
        guard let lines = reply.array, lines.count == endpoints.count + 1, let allowance = number(lines[0].string)
        else {
            return nil
        }
        let standings = zip(endpoints, lines.dropFirst()).compactMap { standing($0, $1.string ?? "") }
        guard standings.count == endpoints.count else { return nil }
        return PoolStanding(endpoints: standings, retryAllowance: allowance)
    }

    /// Gates, and the name of the endpoint.
    static func announced(_ payload: ArraySlice<UInt8>) -> EndpointStanding? {
        let words = String(decoding: payload, as: UTF8.self)
            .split(separator: " ", maxSplits: 7, omittingEmptySubsequences: false)
        guard words.count == 8 else { return nil }
        return gates(String(words[7]), words)
    }

    private static func standing(_ endpoint: String, _ line: String) -> EndpointStanding? {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 15, var standing = gates(endpoint, words), let inflight = Int(words[9]),
            let sharers = Int(words[10]), let tokens = number(words[11]), let rate = number(words[12]),
            let burst = number(words[13]), let drained = Int64(words[14])
        else { return nil }
        standing.mayProbe = words[7] == "1"
        standing.mayReload = words[8] == "1"
        standing.inflight = inflight
        standing.drainedAt = drained > 0 ? Timestamp(milliseconds: drained) : nil
        if sharers > 0 { standing.room = TokenRoom(tokens: tokens, rate: rate, burst: burst, sharers: sharers) }
        return standing
    }

    /// The first seven words.
    private static func gates(_ endpoint: String, _ words: [Substring]) -> EndpointStanding? {
        guard let throttled = Int(words[0]), let closed = Int(words[1]), let round = Int(words[2]),
            let out = Int(words[4]), let renewals = Int(words[5])
        else { return nil }
        var standing = EndpointStanding(endpoint: endpoint, throttledFor: .milliseconds(throttled), renewals: renewals)
        if closed >= 0 {
            standing.health = HealthGate(
                closedFor: .milliseconds(closed), round: round, isUnreachable: words[3] == "1")
        }
        if out >= 0 { standing.out = CredentialGate(closedFor: .milliseconds(out), reason: String(words[6])) }
        return standing
    }

    private static func number(_ text: (some StringProtocol)?) -> Double? {
        text.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
    }
}
