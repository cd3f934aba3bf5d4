/// `?wait=`: how long a poll may be held back.
enum WaitParameter {
    static func read(_ text: String?) throws(IntakeProblem) -> Duration? {
        guard let text else { return nil }
        let isPlain = text.utf8.allSatisfy { "0123456789.eE+-".utf8.contains($0) }
        guard isPlain, let seconds = Double(text), (0...60).contains(seconds) else {
            throw .field("wait", "wait has to be a number of seconds from 0 to 60.")
        }
        return .seconds(seconds)
    }
}
