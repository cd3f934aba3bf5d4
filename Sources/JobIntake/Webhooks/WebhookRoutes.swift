import HTTPTypes
import Hummingbird
import JobFlow
import Logging

/// `GET /v1/webhooks/dead`, `POST /v1/webhooks/dead/{id}/retry` and `DELETE /v1/webhooks/dead/{id}`.
struct WebhookRoutes: Sendable {
    let outbox: any WebhookOutbox
    let logger: Logger

    func list(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let page = try PageParameters(request.query, limit: 1...100, usual: 20)
        guard page.isDescending else { throw .field("order", "order has to be desc.") }
        let after = try page.after.map { text throws(IntakeProblem) in
            guard let id = WebhookID(text) else { throw .field("after", "after has to be the id of a webhook.") }
            return id
        }
        let list: DeadWebhookList
        do throws(StoreError) { list = try await outbox.dead(after: after, limit: page.limit) } catch {
            throw failed(request, error)
        }
        return .json(Self.bytes(list))
    }

    func retry(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let id = try await subject(request)
        try await change(request) { () throws(StoreError) in try await outbox.revive(id) }
        return Self.answer { json in
            json.member("id", id.description)
            json.member("object", "webhook")
            json.member("status", WebhookStatus.State.pending.rawValue)
        }
    }

    func delete(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let id = try await subject(request)
        try await change(request) { () throws(StoreError) in try await outbox.forget(id) }
        return Self.answer { json in
            json.member("id", id.description)
            json.member("object", "webhook.deleted")
            json.member("deleted", true)
        }
    }

    private func subject(_ request: IntakeRequest) async throws(IntakeProblem) -> WebhookID {
        try await EmptyBody.check(request)
        guard let id = request.parameters.first.flatMap({ WebhookID($0) }) else { throw .webhookNotFound }
        return id
    }

    private func change(_ request: IntakeRequest, _ act: () async throws(StoreError) -> Bool)
        async throws(IntakeProblem)
    {
        let isDone: Bool
        do throws(StoreError) { isDone = try await act() } catch { throw failed(request, error) }
        guard isDone else { throw .webhookNotFound }
    }

    private static func answer(_ body: (inout JSONWriter) -> Void) -> Response { .json(JSONWriter.object(body)) }

    private static func bytes(_ list: DeadWebhookList) -> [UInt8] {
        JSONWriter.object(capacity: list.webhooks.count * 512 + 128) { json in
            json.member("object", "list")
            json.member("data", array: { data in list.webhooks.forEach { data.element(raw: WebhookObject.bytes($0)) } })
            json.member("has_more", list.hasMore)
            json.member("first_id", list.webhooks.first?.event.id.description)
            json.member("last_id", list.webhooks.last?.event.id.description)
        }
    }

    private func failed(_ request: IntakeRequest, _ error: StoreError) -> IntakeProblem {
        logger.fault("webhooks could not be read or changed", error, request.id)
        return IntakeProblem(error)
    }
}

extension IntakeProblem {
    static let webhookNotFound = IntakeProblem(
        .notFound, code: "webhook_not_found", "There is no dead webhook of that id.", param: "id")
}
