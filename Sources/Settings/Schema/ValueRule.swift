import Configuration
import JobFlow

/// What one key may hold.
enum ValueRule: Sendable {
    /// Any text but the empty one.
    case text
    case anyText
    /// A name of ours: of a queue or an endpoint.
    case name
    case secret
    /// Headers of HTTP, which may hold keys: see `HeaderText`.
    case headers
    case httpURL
    case redisURL
    case listen
    case choice([String])
    case duration(ClosedRange<Duration>)
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case boolean
    /// Several of one kind: an array of texts, or one text with spaces between them.
    case words(WordRule)

    static func choice<Value: RawRepresentable<String> & CaseIterable>(of _: Value.Type) -> ValueRule {
        .choice(Value.allCases.map(\.rawValue))
    }

    /// Completes the sentence "allowed is …".
    var allowed: String {
        switch self {
        case .text: "a text that is not empty"
        case .secret: "a text of printable ASCII characters that is not empty"
        case .anyText: "a text"
        case .name: "a name of 1 to 48 characters of a-z, 0-9, - and _, with a letter or digit first"
        case .headers:
            "a text such as api-key=KEY,x-tenant=A with names and values of HTTP headers, each name once; in values, commas, "
                + "% and whatever is not printable ASCII are percent-encoded"
        case .httpURL: "an http or https URL with a host, without user, query or fragment"
        case .redisURL: "a URL such as redis://127.0.0.1:6379/0 or rediss://user:password@host:6379/0"
        case .listen: "host:port with a port from 0 to 65535, such as 127.0.0.1:8080 or [::1]:8080"
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .duration(let range):
            "a text such as 500ms, 30s, 5m, 24h or 90d, "
                + "from \(DurationText.render(range.lowerBound)) to \(DurationText.render(range.upperBound))"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .words(let rule): "an array of up to \(WordRule.most) texts, each \(rule.allowed)"
        }
    }

    /// Whether `${secret:…}` and `${env:…}` may stand in it.
    var mayRefer: Bool {
        switch self {
        case .text, .anyText, .secret, .headers, .httpURL, .redisURL: true
        case .words(let rule): rule.isSecret
        case .name, .listen, .choice, .duration, .integer, .number, .boolean: false
        }
    }

    /// Whether the value may hold a key or a password, and so is never shown as it is.
    var isSecret: Bool {
        switch self {
        case .secret, .headers, .redisURL: true
        case .words(let rule): rule.isSecret
        case .text, .anyText, .name, .httpURL, .listen, .choice, .duration, .integer, .number, .boolean: false
        }
    }
}
