import ArgumentParser
import JobIntake

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Makes a key for callers of the intake, and the hash that worker.json takes.",
        discussion: """
            The key is shown once and kept nowhere. Put the entry into keys of worker.json, and start the intake anew.
            Example: sluice key reports --scopes "submit read"
            """)

    @Argument(help: "The name of the key in worker.json.") var name: String
    @Option(name: .long, help: "What it may do: words of submit, read and admin.") var scopes = "submit read"

    func run() {
        var random = SystemRandomNumberGenerator()
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        // 43 letters of 62: 256 bits.
        let key = "sk-sluice-" + String((0..<43).map { _ in letters[Int.random(in: letters.indices, using: &random)] })
        print("key: \(key)")
        print("entry of keys in worker.json:")
        print(#"  "\#(name)": { "hash": "\#(IntakeKey.hash(key))", "scopes": "\#(scopes)" }"#)
    }
}
