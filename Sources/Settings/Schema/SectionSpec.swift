/// One top-level key of worker.json: its shape, how it is read and how it is printed.
struct SectionSpec: Sendable {
    let name: String
    let node: SchemaNode
    let read: @Sendable (inout Settings, inout KeyReader) -> Void
    let render: @Sendable (Settings) -> PrettyJSON

    /// A section with fixed keys.
    static func section<Section>(
        _ name: String, _ keys: [KeySpec<Section>], _ property: any WritableKeyPath<Settings, Section> & Sendable
    ) -> SectionSpec {
        SectionSpec(name: name, node: .section(keys.schema())) { settings, reader in
            reader.inside(.key(name)) { reader in keys.read(&settings[keyPath: property], &reader) }
        } render: { settings in
            .object(keys.rendered(settings[keyPath: property]))
        }
    }

    static let queues = SectionSpec(name: "queues", node: .named(QueueSettings.keys.schema(), least: 1)) {
        settings, reader in
        reader.inside(.key("queues")) { reader in
            settings.queues = reader.entries { name, reader in
                var queue = QueueSettings.defaultSet.first { $0.name == name } ?? QueueSettings(name: name)
                QueueSettings.keys.read(&queue, &reader)
                return queue
            }
        }
    } render: { settings in
        .object(settings.queues.map { (key: $0.name, value: .object(QueueSettings.keys.rendered($0))) })
    }

    static let keys = SectionSpec(name: "keys", node: .named(KeySettings.keys.schema(), least: 0)) { settings, reader in
        reader.inside(.key("keys")) { reader in
            settings.keys = reader.entries { name, reader in
                var key = KeySettings(name: name)
                KeySettings.keys.read(&key, &reader)
                return key
            }
        }
    } render: { settings in
        .object(settings.keys.map { (key: $0.name, value: .object(KeySettings.keys.rendered($0))) })
    }
}
