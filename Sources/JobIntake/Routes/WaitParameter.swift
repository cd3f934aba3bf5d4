/// `?wait=`: how long a poll may be held back.
enum WaitParameter {
    static func read(_ text: String?) throws(IntakeProblem) -> Duration? {
        guard let text else { return nil }
        guard let seconds = PlainNumber.read(text), (0...60).contains(seconds) else {
            throw .field("wait", "wait has to be a number of seconds from 0 to 60.")
        }
        return .seconds(seconds)
    }
}

/// A number in a query, in decimal: none of the words and bases that Swift reads, too.
enum PlainNumber {
    static func read(_ text: String) -> Double? {
        text.utf8.allSatisfy { "0123456789.eE+-".utf8.contains($0) } ? Double(text) : nil
    }
}
