import JobFlow

/// `completion_window`: `24h`, or any other whole number of minutes, hours or days up to a week.
enum BatchWindow {
    static func read(_ text: String) -> Duration? {
        guard let unit = text.last, let number = Int(text.dropLast()), number > 0 else { return nil }
        let seconds: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let factor = seconds[unit], number <= 604_800 / factor else { return nil }
        return .seconds(number * factor)
    }
}
