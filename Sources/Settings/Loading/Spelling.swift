/// Finds the word that was probably meant.
enum Spelling {
    /// The closest candidate that is near enough to be worth a question.
    static func suggestion(for word: String, among candidates: [String]) -> String? {
        let plain = folded(word)
        guard plain.count <= 64 else { return nil }
        let near = candidates.map { (word: $0, distance: distance(plain, folded($0))) }
            .filter { $0.distance <= max(1, min(plain.count, $0.word.count) / 3) }
        return near.min { $0.distance < $1.distance }?.word
    }

    /// Case and separators do not count: `maxAttempts` means `max_attempts`.
    private static func folded(_ word: String) -> [Character] {
        Array(word.lowercased().filter { $0 != "_" && $0 != "-" })
    }

    /// Edits between two words; two letters swapped count once.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
