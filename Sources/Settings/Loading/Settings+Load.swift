import Configuration

extension Settings {
    /// The settings in effect: built-in defaults < file < environment < flags.
    ///
    /// - Parameters:
    ///   - file: the path of worker.json; nil for none.
    ///   - environment: the whole environment; of it the `SLUICE_…` variables and those that `${env:NAME}` names are used.
    ///   - flags: overrides by the key's path, such as `redis.url` or `pool.endpoints[0].url`; a later one wins.
    /// - Throws: every fault that was found, not only the first.
    package static func load(
        file: String?, environment: [String: String], flags: [(path: String, value: String)] = []
    ) throws(SettingsError) -> Settings {
        guard let file else { return try load(bytes: Array("{}".utf8), environment: environment, flags: flags) }
        let bytes: [UInt8]
        do throws(Unreadable) {
            bytes = try BoundedFile.read(file)
        } catch {
            throw SettingsError(faults: [SettingsFault(path: file, message: error.message)])
        }
        return try load(bytes: bytes, name: file, environment: environment, flags: flags)
    }

    /// The same for a worker.json that is in memory already.
    package static func load(
        bytes: [UInt8], name: String = "worker.json", environment: [String: String],
        flags: [(path: String, value: String)] = []
    ) throws(SettingsError) -> Settings {
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
        let reader = KeyReader(source, shape: shape, environment: environment, faults: faults)
        return try filled(from: reader)
    }

    private static func filled(from reader: consuming KeyReader) throws(SettingsError) -> Settings {
        var reader = reader
        var settings = Settings.defaults
        // The secrets first: the other sections may refer to them.
        for section in sections where section.name == "secrets" { section.read(&settings, &reader) }
        reader.secrets = SecretStore.open(settings.secrets, &reader.faults)
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
