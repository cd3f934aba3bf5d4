import JobFlow

/// `cache`: true, false, or how long an answer is good. What is not said is as worker.json says.
enum CacheField {
    struct Terms: Equatable {
        var ttl: Duration
        var staleFor: Duration

        /// As worker.json says.
        init(_ rules: CacheRules, _ queue: IntakeQueue) {
            self.init(ttl: rules.ttl, staleFor: queue.servesStale ? rules.stale : .zero)
        }

        init(ttl: Duration, staleFor: Duration) {
            self.ttl = ttl
            self.staleFor = staleFor
        }
    }

    /// Nil: neither served from the cache nor stored there.
    static func read(_ fields: JobFields, _ rules: CacheRules, _ queue: IntakeQueue) throws(IntakeProblem) -> Terms? {
        let usual = Terms(rules, queue)
        guard let value = fields["cache"] else { return rules.isOn ? usual : nil }
        if let wanted = value.bool { return wanted ? usual : nil }
        guard let object = value.object else {
            throw .field("cache", "cache has to be true, false, or an object such as {\"ttl\": 300}.")
        }
        let inner = try JobFields(object, allowed: ["ttl", "stale"], prefix: "cache.")
        let ttl = try inner.integer("ttl", 1...86_400).map { Duration.seconds($0) }
        return Terms(ttl: ttl ?? usual.ttl, staleFor: try stale(inner, rules) ?? usual.staleFor)
    }

    /// No answer is kept for longer than worker.json says.
    private static func stale(_ fields: JobFields, _ rules: CacheRules) throws(IntakeProblem) -> Duration? {
        guard let value = fields["stale"] else { return nil }
        if let wanted = value.bool { return wanted ? rules.stale : .zero }
        guard let seconds = value.int, (0...604_800).contains(seconds) else {
            throw fields.fault("stale", "has to be true, false, or a whole number of seconds from 0 to 604800")
        }
        return min(.seconds(seconds), rules.stale)
    }
}
