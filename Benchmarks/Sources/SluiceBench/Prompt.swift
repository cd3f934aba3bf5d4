/// What the benchmarks ask: so many bytes of plain English, which no part of the program treats in a special way.
enum Prompt {
    static func text(_ number: Int, bytes: Int) -> String {
        let start = "Question \(number): "
        return start + String(decoding: filler.prefix(max(0, bytes - start.utf8.count)), as: UTF8.self)
    }

    /// As long as the longest body that the intake takes.
    private static let filler = Array(
        String(repeating: "Why is the sky blue, and why is it red in the evening? ", count: (1 << 20) / 55 + 1).utf8)
}
