import JobFlow
import Redis

/// The arguments of `exchange.lua`. What a report does not mention is not sent.
enum SendReport {
    static func arguments(_ report: PoolReport) -> [RedisArgument] {
        let retries = report.retries
        let head: [RedisArgument] = [
            .string(report.process), count(retries.firstCalls), count(retries.retries), amount(retries.ratio),
            amount(retries.reserve), count(report.usageNumber), .integer(report.endpoints.count),
        ]
        return head + report.endpoints.flatMap(arguments) + report.usage.flatMap(arguments)
    }

    /// Tokens come before the throttle, which empties their bucket; what closes and opens gates before the wish to probe.
    private static func arguments(_ report: EndpointReport) -> [RedisArgument] {
        var arguments: [RedisArgument] = [.string(report.endpoint), count(report.inflight)]
        if let tokens = report.tokens { arguments += words(tokens) }
        if let time = report.throttle { arguments += ["throttle", milliseconds(time)] }
        if let health = report.health { arguments += words(health) }
        if let credentials = report.credentials { arguments += words(credentials) }
        if let time = report.wantsProbe { arguments += ["probe", milliseconds(time)] }
        if report.wantsReload { arguments.append("reload") }
        return arguments + [""]
    }

    private static func words(_ tokens: TokenReport) -> [RedisArgument] {
        [
            "tokens", amount(tokens.rate), amount(tokens.burst), number(tokens.taken), tokens.isUsing ? "1" : "0",
        ]
    }

    private static func words(_ health: HealthReport) -> [RedisArgument] {
        switch health {
        case .ill(let gate):
            ["ill", milliseconds(gate.closedFor), count(gate.round), gate.isUnreachable ? "1" : "0"]
        case .well: ["well"]
        }
    }

    private static func words(_ credentials: CredentialReport) -> [RedisArgument] {
        switch credentials {
        case .out(let gate): ["out", milliseconds(gate.closedFor), word(gate.reason)]
        case .well: ["admitted"]
        case .renewed: ["renewed"]
        }
    }

    private static func arguments(_ use: TokenUse) -> [RedisArgument] {
        let use = use.underKeptNames
        return [
            .string("\(use.endpoint)|\(use.model)|\(use.queue)"), count(use.calls), count(use.estimated),
            count(use.prompt), count(use.completion), count(use.cached),
        ]
    }

    /// At most a day: for so long a silent fleet is remembered.
    private static func milliseconds(_ time: Duration) -> RedisArgument {
        .integer(Int(min(max(0, time.wholeMilliseconds), 86_400_000)))
    }

    /// Bounds are those of numbers that a double, as Lua has it, holds exactly.
    private static func count(_ value: Int) -> RedisArgument { .integer(min(max(0, value), 1_000_000_000_000)) }

    private static func amount(_ value: Double) -> RedisArgument { number(max(0, value)) }

    private static func number(_ value: Double) -> RedisArgument {
        .string("\(value.isFinite ? min(max(-1e12, value), 1e12) : 0)")
    }

    /// Lines of the reply are cut at spaces.
    private static func word(_ reason: String) -> RedisArgument {
        let word = reason.unicodeScalars.prefix(64).map { $0.properties.isWhitespace || $0.value < 33 ? "_" : $0 }
        return word.isEmpty ? "-" : .string(String(String.UnicodeScalarView(word)))
    }
}
