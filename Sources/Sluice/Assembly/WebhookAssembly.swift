import Curl
import JobFlow
import JobIntake
import JobQueue
import JobWebhooks
import Logging
import ServiceLifecycle
import Settings

/// The telling of jobs' ends, as a worker does it.
struct WebhookAssembly {
    let curl: CurlClient
    let service: WebhookDeliveries

    /// Nil where there is no secret to sign with: then nothing is told.
    init?(_ settings: Settings, store: RedisJobStore, logger: Logger) throws {
        guard let configuration = WebhookConfiguration(settings) else { return nil }
        curl = try CurlWebhookCaller.client(AddressRules(allowed: settings.webhooks.allowedRanges))
        let longest = settings.webhooks.maxAnswerBytes
        service = WebhookDeliveries(
            configuration: configuration, outbox: store, store: store,
            caller: CurlWebhookCaller(curl: curl, timeout: configuration.timeout),
            job: { JobObject.told($0, answersUpTo: longest) }, now: SystemTime.now, logger: logger)
    }
}

extension WebhookConfiguration {
    init?(_ settings: Settings) {
        let webhooks = settings.webhooks
        let secrets = webhooks.secrets.secrets.compactMap { WebhookSecret($0.exposed) }
        guard !secrets.isEmpty else { return nil }
        self.init(
            partitions: settings.redis.partitions, secrets: secrets,
            schedule: WebhookSchedule(delays: webhooks.schedule, maxAttempts: webhooks.maxAttempts),
            timeout: webhooks.timeout, concurrency: webhooks.concurrency, hostConcurrency: webhooks.hostConcurrency)
    }
}

extension WebhookTerms {
    init?(_ webhooks: WebhookSettings) {
        guard !webhooks.secrets.secrets.isEmpty else { return nil }
        self.init(
            addresses: AddressRules(allowed: webhooks.allowedRanges), responses: webhooks.url.flatMap(WebhookURL.init))
    }
}
