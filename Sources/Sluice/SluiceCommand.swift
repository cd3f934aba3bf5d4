import ArgumentParser

/// The program. Each command is one file in `Commands/`.
@main
struct SluiceCommand: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "sluice",
        abstract: "A durable, queue-backed worker for LLM prompts.",
        discussion: """
            Everything on this machine, with a private Redis and a simulated pool:
              sluice up --embedded
            Then, in another terminal:
              sluice submit prompts.txt --text --wait
            """,
        version: version,
        subcommands: [
            UpCommand.self, IntakeCommand.self, WorkerCommand.self, SimulateCommand.self, SubmitCommand.self,
            JobCommand.self, DeadCommand.self, WebhooksCommand.self, QueueCommand.self, EndpointsCommand.self,
            UsageCommand.self, AuditCommand.self, CheckCommand.self, KeyCommand.self,
        ])
}
