import Configuration

extension Settings {
    /// The settings in effect: built-in defaults < file < environment < flags.
    ///
    /// - Parameters:
    ///   - file: the path of worker.json; nil for none.
    ///   - environment: the whole environment; of it the `SLUICE_…` variables and those that `${env:NAME}` names are used.
    ///   - flags: overrides by the key's path, such as `redis.url` or `pool.endpoints[0].url`; a later one wins.
    ///   - secrets: asks the service that keeps the secrets, if the settings name one.
    /// - Throws: every fault that was found, not only the first.
    package static func load(
        file: String?, environment: [String: String], flags: [(path: String, value: String)] = [],
        secrets: (SecretsSettings) async -> RemoteSecrets = { _ in .unread }
    ) async throws(SettingsError) -> Settings {
        let bytes = try file.map(read) ?? Array("{}".utf8)
        let name = file ?? "worker.json"
        let source = try reader(bytes, name: name, environment, flags)
        let remote = await secrets(secretsSection(source))
        return try filled(from: try reader(bytes, name: name, environment, flags), remote)
    }

    /// The same for a worker.json that is in memory already.
    package static func load(
        bytes: [UInt8], name: String = "worker.json", environment: [String: String],
        flags: [(path: String, value: String)] = [], secrets: RemoteSecrets = .unread
    ) throws(SettingsError) -> Settings {
        try filled(from: try reader(bytes, name: name, environment, flags), secrets)
    }

    private static func read(_ file: String) throws(SettingsError) -> [UInt8] {
        do throws(Unreadable) { return try BoundedFile.read(file) } catch {
            throw SettingsError(faults: [SettingsFault(path: file, message: error.message)])
        }
    }

    private static func reader(
        _ bytes: [UInt8], name: String, _ environment: [String: String], _ flags: [(path: String, value: String)]
    ) throws(SettingsError) -> KeyReader {
        let file = try FileLayer(bytes, name: name)
        var (shape, faults) = (file.shape, file.faults)
        shape.addDefaultQueues()
        let overrides = FlagLayer(flags, &shape, &faults)
        let variables = EnvironmentLayer(environment, &shape, &faults)
        // The first provider that has a key wins. The defaults are the values of the structs that are filled.
        let source = ConfigReader(providers: [
            InMemoryProvider(name: "flags", values: overrides.values),
            EnvironmentVariablesProvider(environmentVariables: variables.accepted).prefixKeys(with: "sluice"),
            InMemoryProvider(name: "worker.json", values: file.values),
        ])
        return KeyReader(source, shape: shape, environment: environment, faults: faults)
    }

    /// Where the secrets are; what is wrong with that is found when all is read.
    private static func secretsSection(_ reader: consuming KeyReader) -> SecretsSettings {
        var reader = reader
        var settings = Settings.defaults
        for section in sections where section.name == "secrets" { section.read(&settings, &reader) }
        return settings.secrets
    }

    private static func filled(from reader: consuming KeyReader, _ remote: RemoteSecrets) throws(SettingsError)
        -> Settings
    {
        var reader = reader
        var settings = Settings.defaults
        // The secrets first: the other sections may refer to them.
        for section in sections where section.name == "secrets" { section.read(&settings, &reader) }
        reader.secrets = SecretStore.open(settings.secrets, remote, &reader.faults)
        for section in sections where section.name != "secrets" { section.read(&settings, &reader) }
        Consistency.check(settings, &reader.faults)
        guard reader.faults.list.isEmpty else { throw SettingsError(faults: reader.faults.list) }
        return settings
    }
}

extension Shape {
    /// A file that names no queues has the default set.
    fileprivate mutating func addDefaultQueues() {
        let queues = SettingsPath([.key("queues")])
        guard entries(of: queues) == nil else { return }
        for queue in QueueSettings.defaultSet { add(.key(queue.name), to: queues) }
    }
}
