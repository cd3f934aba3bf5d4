import JobFlow

/// What no single key can show: values that are allowed each, but not together.
enum Consistency {
    static func check(_ settings: Settings, _ faults: inout Faults) {
        delays(settings.retry, &faults)
        let endpoints = SettingsPath([.key("pool"), .key("endpoints")])
        unique(settings.pool.endpoints.map(\.name), endpoints, "endpoint", &faults)
        for (index, endpoint) in settings.pool.endpoints.enumerated()
        where endpoint.auth == .entra && endpoint.apiKey != nil {
            faults.add(endpoints.appending(index).appending("api_key"), "does not go with \"auth\": \"entra\"")
        }
        thresholds(settings, &faults)
        keys(settings, &faults)
        webhooks(settings.webhooks, &faults)
    }

    private static func webhooks(_ webhooks: WebhookSettings, _ faults: inout Faults) {
        let section = SettingsPath([.key("webhooks")])
        guard let url = webhooks.url, !faults.contains(within: section) else { return }
        if WebhookURL(url) == nil { faults.add(section.appending("url"), "has to be \(WebhookURL.allowed)") }
        if webhooks.secrets.secrets.isEmpty {
            faults.add(section.appending("url"), "needs webhooks.secrets, with which to sign what is sent there")
        }
    }

    private static func keys(_ settings: Settings, _ faults: inout Faults) {
        for key in settings.keys {
            let place = SettingsPath([.key("keys"), .key(key.name)])
            if let hash = key.hash?.exposed, !isHash(hash) {
                faults.add(
                    place.appending("hash"), "is no hash of a key; it has to be sha256: and 64 hexadecimal digits")
            }
            if key.scopeWords.isEmpty || !key.scopeWords.allSatisfy(KeySettings.allowedScopes.contains) {
                faults.add(place.appending("scopes"), "has to be words of submit, read and admin, with a space between")
            }
        }
    }

    private static func isHash(_ text: String) -> Bool {
        text.hasPrefix("sha256:") && text.utf8.count == 71
            && text.utf8.dropFirst(7).allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
    }

    private static func delays(_ retry: RetrySettings, _ faults: inout Faults) {
        let section = SettingsPath([.key("retry")])
        let (base, limit) = (section.appending("base_delay"), section.appending("max_delay"))
        // A key that is at fault already holds its default here, which proves nothing.
        guard !faults.contains(base), !faults.contains(limit), retry.baseDelay > retry.maxDelay else { return }
        let (low, high) = (DurationText.render(retry.baseDelay), DurationText.render(retry.maxDelay))
        faults.add(base, "is \(low), more than retry.max_delay, which is \(high)")
    }

    static func unique(_ names: [String], _ list: SettingsPath, _ kind: String, _ faults: inout Faults) {
        var owners: [String: Int] = [:]
        for (index, name) in names.enumerated() where !name.isEmpty {
            if let owner = owners[name] {
                let first = list.appending(owner).appending("name")
                faults.add(
                    list.appending(index).appending("name"),
                    "is \"\(name)\", as \(first) is already; every \(kind) needs a name of its own")
            } else {
                owners[name] = index
            }
        }
    }
}
