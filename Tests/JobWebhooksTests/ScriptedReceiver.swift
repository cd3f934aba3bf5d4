import JobFlow
import Synchronization

@testable import JobWebhooks

/// A receiver that answers as a test says, and remembers what it was sent.
final class ScriptedReceiver: WebhookCaller {
    typealias Script = @Sendable (_ request: WebhookRequest, _ earlier: Int) async -> WebhookOutcome

    private let script: Script
    private let requests = Mutex<[WebhookRequest]>([])

    init(_ script: @escaping Script) { self.script = script }

    convenience init(_ outcomes: WebhookOutcome...) {
        self.init { _, earlier in outcomes[min(earlier, outcomes.count - 1)] }
    }

    var seen: [WebhookRequest] { requests.withLock { $0 } }

    func send(_ request: WebhookRequest) async -> WebhookOutcome {
        let earlier = requests.withLock { requests in
            defer { requests.append(request) }
            return requests.count
        }
        return await script(request, earlier)
    }
}

extension WebhookRequest {
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

extension WebhookOutcome {
    static let ok = WebhookOutcome.answered(204, retryAfter: nil)
    static let broken = WebhookOutcome.answered(500, retryAfter: nil)
}
