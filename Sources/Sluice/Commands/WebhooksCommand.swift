import ArgumentParser
import Foundation
import JobFlow

struct WebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks", abstract: "Looks after webhooks that nobody took, and makes secrets that sign them.",
        subcommands: [Dead.self, NewSecret.self])

    struct Dead: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "dead", abstract: "Webhooks that are sent no more.",
            subcommands: [List.self, Retry.self, Purge.self])
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists dead webhooks, the latest first.",
            discussion: "Example: sluice webhooks dead list --limit 10")

        @OptionGroup var options: ClientOptions
        @OptionGroup var length: ListLength
        @Flag(name: .long, help: "One webhook object a line, as JSON.") var json = false

        func run() async throws {
            let pages = JobPages(deadWebhooksOf: try options.client())
            length.show(try await pages.first(length.limit), json: json, JobTable.deadWebhooks)
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "retry", abstract: "Sends dead webhooks again, with a fresh number of attempts.",
            discussion: """
                Example: sluice webhooks dead retry evt_0_01kd…_1_completed
                         sluice webhooks dead retry --all
                """)

        @OptionGroup var options: ClientOptions
        @OptionGroup var subject: WebhookSubject

        func run() async throws {
            let client = try options.client()
            try await subject.run(client, verb: "sent again") { _ = try await client.retryWebhook($0) }
        }
    }

    struct Purge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "purge", abstract: "Forgets dead webhooks; their jobs stay.",
            discussion: "Example: sluice webhooks dead purge --all")

        @OptionGroup var options: ClientOptions
        @OptionGroup var subject: WebhookSubject

        func run() async throws {
            let client = try options.client()
            try await subject.run(client, verb: "purged") { _ = try await client.deleteWebhook($0) }
        }
    }

    struct NewSecret: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "secret", abstract: "Makes a secret for webhooks.secrets of worker.json, and for receivers.",
            discussion: "Example: sluice webhooks secret")

        func run() {
            var random = SystemRandomNumberGenerator()
            let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            print("whsec_" + Data(bytes).base64EncodedString())
        }
    }
}

/// Which of the dead webhooks: some by their names, or all.
struct WebhookSubject: ParsableArguments {
    @Argument(help: "The ids of webhooks.") var ids: [String] = []
    @Flag(name: .long, help: "All of them.") var all = false

    func validate() throws {
        guard all != !ids.isEmpty else { throw ValidationError("either ids or --all were expected") }
    }

    /// Says how many; fails if some could not be changed.
    func run(_ client: SluiceClient, verb: String, _ act: @escaping @Sendable (_ id: String) async throws -> Void)
        async throws
    {
        let each = EachJob(skipsChanged: all, act: act)
        var tally = EachJob.Tally()
        if all {
            try await JobPages(deadWebhooksOf: client).forEach { tally = tally + (try await each.run($0.ids)) }
        } else {
            tally = try await each.run(ids)
        }
        print(tally.text(verb))
        if tally.failed > 0 { throw ExitCode.failure }
    }
}
