package import JobFlow

/// What the intake takes as a URL that is told of a job's end.
package struct WebhookTerms: Sendable, Equatable {
    package var addresses: AddressRules
    /// Where background responses are told, whose API has no field for it.
    package var responses: WebhookURL?

    package init(addresses: AddressRules = AddressRules(), responses: WebhookURL? = nil) {
        self.addresses = addresses
        self.responses = responses
    }
}

/// `webhook_url`.
enum WebhookField {
    /// - Parameter terms: nil where webhooks cannot be signed.
    static func read(_ fields: JobFields, _ terms: WebhookTerms?) throws(IntakeProblem) -> WebhookURL? {
        guard let text = try fields.string("webhook_url") else { return nil }
        guard let terms else {
            throw .field(
                "webhook_url",
                "Webhooks are not sent here: there is no key to sign them with. Poll the job, or have webhooks.secrets set"
                    + " in worker.json.", code: "not_supported")
        }
        guard let url = WebhookURL(text) else {
            throw .field("webhook_url", "webhook_url has to be \(WebhookURL.allowed).")
        }
        // What a name leads to is looked at when it is called, and each time anew.
        if let address = url.address, !terms.addresses.permits(address) {
            throw .field(
                "webhook_url",
                "webhook_url leads to an address that is not public. webhooks.allow_addresses in worker.json can allow it.",
                code: "address_not_allowed")
        }
        return url
    }
}
