/// How long an ended job can be read back.
package struct ResultsSettings: Sendable, Equatable {
    package var ttl: Duration = .seconds(86_400)

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("ttl", .duration(.seconds(1) ... .days(365)), \.ttl)
    ]
}
