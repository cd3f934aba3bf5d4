extension Array {
    /// The keys as a part of the schema.
    func schema<Section>() -> [SchemaKey] where Element == KeySpec<Section> {
        map { SchemaKey(name: $0.name, node: .value($0.rule)) }
    }

    /// Fills a section from the sources, key by key.
    func read<Section>(_ section: inout Section, _ reader: inout KeyReader) where Element == KeySpec<Section> {
        for key in self { key.read(&section, &reader) }
    }

    func rendered<Section>(_ section: Section) -> [(key: String, value: PrettyJSON)]
    where Element == KeySpec<Section> {
        map { (key: $0.name, value: $0.render(section)) }
    }
}
