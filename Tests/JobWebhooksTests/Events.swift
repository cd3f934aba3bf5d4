import JobFlow
import TestKit

/// Events for tests.
enum Events {
    static func event(
        _ number: Int = 1, url: String = "https://example.com/hook", state: JobState = .completed,
        isResponse: Bool = false
    ) -> WebhookEvent {
        var spec = Samples.spec(number, path: isResponse ? .responses : .chatCompletions)
        spec.body = []
        if isResponse { spec.echo = Array("{}".utf8) }
        guard let url = WebhookURL(url) else { preconditionFailure("\(url) is no URL") }
        return WebhookEvent(
            id: WebhookID(job: spec.id, epoch: 1, state: state), spec: spec, url: url, endedAt: Samples.start)
    }
}
