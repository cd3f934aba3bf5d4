/// A scenario that needs no file: a timeline for whatever endpoints there are.
package enum NamedScenario: String, Sendable, CaseIterable {
    case regionalBlackout = "regional-blackout"
    case brownOut = "brown-out"
    case dayLongRetryAfter = "day-long-retry-after"
    case garbage
    case errorInStream = "error-in-stream"

    private static let second: Int64 = 1_000_000

    package var summary: String {
        switch self {
        case .regionalBlackout: "the first endpoint's whole region is gone from 30 s to 90 s"
        case .brownOut: "the first endpoint is ten times slower from 30 s to 120 s"
        case .dayLongRetryAfter: "the first endpoint throttles all calls from 30 s to 60 s and asks for a day's wait"
        case .garbage: "half of the first endpoint's answers are no JSON from 30 s to 90 s"
        case .errorInStream: "half of the first endpoint's streams begin with an error from 30 s to 90 s"
        }
    }

    package func timeline(for endpoints: [SimulatedEndpoint]) -> Timeline {
        guard let first = endpoints.first else { return .empty }
        switch self {
        case .regionalBlackout:
            let region = endpoints.filter { $0.region == first.region }
            return Timeline(region.flatMap { Self.episode($0, ["blackout": .bool(true)], until: 90) })
        case .brownOut:
            let slow = AdminValue.number(min(first.behaviour.slowFactor * 10, 10_000))
            return Timeline(Self.episode(first, ["slow_factor": slow], until: 120))
        case .dayLongRetryAfter:
            let day: [String: AdminValue] = ["throttle_rate": .number(1), "retry_after_ms": .number(86_400_000)]
            return Timeline(Self.episode(first, day, until: 60))
        case .garbage:
            return Timeline(Self.episode(first, ["garbage_rate": .number(0.5)], until: 90))
        case .errorInStream:
            return Timeline(Self.episode(first, ["error_in_stream_rate": .number(0.5)], until: 90))
        }
    }

    /// From the thirtieth second on other than configured, then as configured again.
    private static func episode(
        _ endpoint: SimulatedEndpoint, _ fields: [String: AdminValue], until end: Int64
    ) -> [Timeline.Change] {
        let configured = endpoint.behaviour.fields.filter { fields[$0.key] != nil }
        return [
            Timeline.Change(at: 30 * second, endpoint: endpoint.name, fields: fields),
            Timeline.Change(at: end * second, endpoint: endpoint.name, fields: configured),
        ]
    }
}
