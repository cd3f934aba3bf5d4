import JobFlow

/// `cache`: true, false, or how long.
enum CacheField {
    static func read(_ fields: JobFields, defaultTTL: Int) throws(IntakeProblem) -> CacheChoice {
        guard let value = fields["cache"] else { return .standard }
        if let wanted = value.bool { return wanted ? .on(ttlSeconds: defaultTTL) : .off }
        guard let object = value.object else {
            throw .field("cache", "cache has to be true, false, or an object such as {\"ttl\": 300}.")
        }
        let inner = try JobFields(object, allowed: ["ttl"], prefix: "cache.")
        guard let ttl = try inner.integer("ttl", 1...86_400) else {
            throw .field("cache.ttl", "cache.ttl is missing.", code: "missing_field")
        }
        return .on(ttlSeconds: ttl)
    }
}
