extension Settings {
    /// worker.json as a whole, in the order in which it is printed.
    static let sections: [SectionSpec] = [
        .section("redis", RedisSettings.keys, \.redis),
        .section("intake", IntakeSettings.keys, \.intake),
        .keys,
        .section("worker", WorkerSettings.keys, \.worker),
        .queues,
        .pool,
        .section("retry", RetrySettings.keys, \.retry),
        .section("breaker", BreakerSettings.keys, \.breaker),
        .section("cache", CacheSettings.keys, \.cache),
        .section("results", ResultsSettings.keys, \.results),
        .section("webhooks", WebhookSettings.keys, \.webhooks),
        .section("audit", AuditSettings.keys, \.audit),
        .section("secrets", SecretsSettings.keys, \.secrets),
        .section("log", LogSettings.keys, \.log),
        .section("telemetry", TelemetrySettings.keys, \.telemetry),
    ]

    static let schema = SchemaNode.section(sections.map { SchemaKey(name: $0.name, node: $0.node) })
}
