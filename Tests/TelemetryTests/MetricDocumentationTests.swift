import Foundation
import Testing

/// Holds the metrics that the sources name against what operators are told of them.
struct MetricDocumentationTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// Every text in quotes that is a name of ours.
    private static func names(in text: String) -> Set<String> {
        Set(text.matches(of: /"(sluice_[a-z_]+)"/).map { String($0.1) })
    }

    private static func named(except file: String) throws -> Set<String> {
        let sources = root.appendingPathComponent("Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        return try files.compactMap { $0 as? URL }
            .filter { $0.pathExtension == "swift" && $0.lastPathComponent != file && !$0.path.contains("/TestKit/") }
            .reduce(into: []) { $0.formUnion(names(in: try String(contentsOf: $1, encoding: .utf8))) }
    }

    @Test func `every metric has a help text and a row in the documentation, and nothing else has one`() throws {
        let named = try Self.named(except: "MetricNames.swift")
        // The registry counts it, and brings the text.
        let own: Set = ["sluice_metrics_folded_total"]
        let helped = Self.names(in: try Self.text("Sources/Sluice/Assembly/MetricNames.swift"))
        #expect(named.count > 20)
        #expect(helped.union(own) == named)
        let documented = Set(try Self.text("docs/events.md").matches(of: /`(sluice_[a-z_]+)`/).map { String($0.1) })
        #expect(documented == named)
    }
}
