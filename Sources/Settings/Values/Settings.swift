/// Everything that worker.json says, checked and complete. The values set here are the built-in defaults.
package struct Settings: Sendable, Equatable {
    package var redis = RedisSettings()
    package var intake = IntakeSettings()
    /// Whoever reaches the intake may use it while there are none.
    package var keys: [KeySettings] = []
    package var worker = WorkerSettings()
    /// In the order of the file; never empty.
    package var queues = QueueSettings.defaultSet
    package var pool = PoolSettings()
    package var retry = RetrySettings()
    package var breaker = BreakerSettings()
    package var cache = CacheSettings()
    package var results = ResultsSettings()
    package var webhooks = WebhookSettings()
    package var audit = AuditSettings()
    package var secrets = SecretsSettings()
    package var log = LogSettings()
    package var telemetry = TelemetrySettings()

    package init() {}

    /// What holds when neither file, environment nor flag says otherwise. It has no endpoints.
    package static let defaults = Settings()
}
