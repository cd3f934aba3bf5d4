extension SectionSpec {
    static let pool = SectionSpec(name: "pool", node: poolNode) { settings, reader in
        reader.inside(.key("pool")) { reader in
            PoolSettings.keys.read(&settings.pool, &reader)
            list("endpoints", EndpointSettings.keys, &settings.pool.endpoints, &reader) {
                EndpointSettings(name: "", url: "")
            }
            list("token_thresholds", TokenThresholdSettings.keys, &settings.pool.tokenThresholds, &reader) {
                TokenThresholdSettings(name: "", tokens: 0)
            }
        }
    } render: { settings in
        let pool = settings.pool
        return .object(
            [(key: "endpoints", value: rendered(pool.endpoints, EndpointSettings.keys))]
                + PoolSettings.keys.rendered(pool)
                + [(key: "token_thresholds", value: rendered(pool.tokenThresholds, TokenThresholdSettings.keys))])
    }

    private static let poolNode = SchemaNode.section(
        [SchemaKey(name: "endpoints", node: .list(EndpointSettings.keys.schema()))] + PoolSettings.keys.schema()
            + [SchemaKey(name: "token_thresholds", node: .list(TokenThresholdSettings.keys.schema()))])

    /// - Parameter make: an entry with the defaults; keys that have none are filled or reported.
    private static func list<Entry>(
        _ name: String, _ keys: [KeySpec<Entry>], _ entries: inout [Entry], _ reader: inout KeyReader,
        _ make: () -> Entry
    ) {
        reader.inside(.key(name)) { reader in
            entries = reader.entries { _, reader in
                var entry = make()
                keys.read(&entry, &reader)
                return entry
            }
        }
    }

    private static func rendered<Entry>(_ entries: [Entry], _ keys: [KeySpec<Entry>]) -> PrettyJSON {
        .array(entries.map { .object(keys.rendered($0)) })
    }
}
