/// How far somebody has read the ended jobs of a batch: a position in the list of each partition, `12.5.0`. To its holder it is
/// a word without a meaning.
struct ResultCursor: Sendable, Equatable, CustomStringConvertible {
    private var positions: [Int]

    init(partitions: Int) { positions = Array(repeating: 0, count: partitions) }

    /// Nil for anything that this server did not make. Partitions that have come since then begin at their start.
    init?(_ text: String, partitions: Int) {
        self.init(partitions: partitions)
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= partitions else { return nil }
        for (index, part) in parts.enumerated() {
            guard part.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let position = Int(part), position < 1 << 40 else {
                return nil
            }
            positions[index] = position
        }
    }

    subscript(partition: Int) -> Int {
        get { positions[partition] }
        set { positions[partition] = newValue }
    }

    var description: String { positions.map(String.init).joined(separator: ".") }
}
