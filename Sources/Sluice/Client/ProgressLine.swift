import JobFlow

/// The text of the progress display. Pure.
enum ProgressLine {
    static let barWidth = 24

    static func bar(_ tally: SubmitTally, elapsed: Duration) -> String {
        guard let total = tally.total, total > 0 else { return plain(tally, elapsed: elapsed) }
        let filled = min(barWidth, barWidth * tally.ended / total)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: barWidth - filled)
        return "\(bar) \(plain(tally, elapsed: elapsed))\(remaining(tally, total, elapsed))"
    }

    static func plain(_ tally: SubmitTally, elapsed: Duration) -> String {
        let of = tally.total.map { "/\($0)" } ?? ""
        var parts = ["\(tally.ended)\(of) done"]
        if tally.retried > 0 { parts.append("\(tally.retried) retried") }
        if tally.failed > 0 { parts.append("\(tally.failed) failed") }
        if tally.rejected > 0 { parts.append("\(tally.rejected) rejected") }
        parts.append("\(rate(tally, elapsed)) jobs/s")
        return parts.joined(separator: " · ")
    }

    private static func rate(_ tally: SubmitTally, _ elapsed: Duration) -> Int {
        elapsed.inSeconds > 0 ? Int(Double(tally.ended) / elapsed.inSeconds) : 0
    }

    private static func remaining(_ tally: SubmitTally, _ total: Int, _ elapsed: Duration) -> String {
        guard tally.ended > 0, tally.ended < total else { return "" }
        let seconds = elapsed.inSeconds / Double(tally.ended) * Double(total - tally.ended)
        return " · \(Int(seconds.rounded(.up))) s left"
    }
}
