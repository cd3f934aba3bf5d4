extension Consistency {
    private static let thresholdList = SettingsPath([.key("pool"), .key("token_thresholds")])

    static func thresholds(_ settings: Settings, _ faults: inout Faults) {
        unique(settings.pool.tokenThresholds.map(\.name), thresholdList, "threshold", &faults)
        let endpoints = Known(
            kind: "endpoint", names: settings.pool.endpoints.map(\.name),
            place: SettingsPath([.key("pool"), .key("endpoints")]))
        let queues = Known(
            kind: "queue", names: settings.queues.map(\.name), place: SettingsPath([.key("queues")]))
        for (index, threshold) in settings.pool.tokenThresholds.enumerated() {
            let place = thresholdList.appending(index)
            endpoints.check(threshold.endpoint, place.appending("endpoint"), &faults)
            queues.check(threshold.queue, place.appending("queue"), &faults)
            hours(threshold.per, place.appending("per"), &faults)
        }
    }

    private static func hours(_ time: Duration, _ place: SettingsPath, _ faults: inout Faults) {
        guard time.components.attoseconds != 0 || !time.components.seconds.isMultiple(of: 3600) else { return }
        faults.add(place, "is \(DurationText.render(time)); tokens are counted by the hour, so whole hours are allowed")
    }
}

/// The names of one kind that a threshold may have.
private struct Known {
    var kind: String
    var names: [String]
    var place: SettingsPath

    func check(_ name: String?, _ key: SettingsPath, _ faults: inout Faults) {
        // Where one of them is at fault itself, it may be the one that is meant.
        guard let name, !names.contains(name), !faults.contains(within: place) else { return }
        let list = names.isEmpty ? "there is none" : "there are \(names.joined(separator: ", "))"
        let meant = Refusal.question(Spelling.suggestion(for: name, among: names))
        faults.add(key, "is \"\(name)\", which is no \(kind) of \(place)\(meant); \(list)")
    }
}
