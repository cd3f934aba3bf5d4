/// The text of the progress display. Pure.
package enum ProgressText {
    private static let barWidth = 24

    /// One line of a terminal, no wider than that.
    package static func bar(_ tally: SubmitTally, rate: Double?, width: Int) -> String {
        guard tally.total > 0 else { return plain(tally, rate: rate) }
        let filled = min(barWidth, barWidth * tally.done / tally.total)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: barWidth - filled)
        return String((bar + " " + plain(tally, rate: rate)).prefix(max(1, width)))
    }

    package static func plain(_ tally: SubmitTally, rate: Double?) -> String {
        var parts: [String] = []
        if tally.waits { parts.append("\(tally.ended)/\(tally.total) done") }
        if !tally.waits || tally.submitted < tally.total { parts.append("\(tally.submitted)/\(tally.total) submitted") }
        if tally.failed > 0 { parts.append("\(tally.failed) failed") }
        if tally.rejected > 0 { parts.append("\(tally.rejected) rejected") }
        if tally.retried > 0 { parts.append("\(tally.retried) retried") }
        if let rate { parts.append("\(Int(rate.rounded()))/s") }
        if let rate, rate > 0, tally.done < tally.total {
            parts.append(span(Double(tally.total - tally.done) / rate) + " left")
        }
        if let notice = tally.notice { parts.append(notice) }
        return parts.joined(separator: " · ")
    }

    /// `45 s`, `12 min`, `3 h 20 min`.
    static func span(_ seconds: Double) -> String {
        guard seconds < 360_000 else { return "days" }
        let whole = Int(seconds.rounded(.up))
        if whole < 120 { return "\(whole) s" }
        if whole < 7200 { return "\(whole / 60) min" }
        return "\(whole / 3600) h \(whole / 60 % 60) min"
    }
}
