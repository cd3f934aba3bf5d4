import Foundation
import JobFlow

/// What one text of a list may be.
enum WordRule: Sendable {
    case webhookSecret
    case duration(ClosedRange<Duration>)
    case network

    /// More of them than this can only be a mistake.
    static let most = 32

    var allowed: String {
        switch self {
        case .webhookSecret: "whsec_ and the base64 of 24 to 64 random bytes (sluice webhooks secret makes one)"
        case .duration(let range): ValueRule.duration(range).allowed
        case .network: "an address or a block of addresses, such as 10.0.0.0/8 or fd00::/8"
        }
    }

    var isSecret: Bool {
        switch self {
        case .webhookSecret: true
        case .duration, .network: false
        }
    }

    func accepts(_ words: [String]) -> Bool { words.count <= Self.most && words.allSatisfy(accepts) }

    private func accepts(_ word: String) -> Bool {
        switch self {
        case .webhookSecret: Self.isWebhookSecret(word)
        case .duration(let range): DurationText.parse(word).map(range.contains) ?? false
        case .network: NetworkRange(word) != nil
        }
    }

    private static func isWebhookSecret(_ word: String) -> Bool {
        guard word.hasPrefix("whsec_"), let bytes = Data(base64Encoded: String(word.dropFirst(6))) else { return false }
        return 24...64 ~= bytes.count
    }
}
