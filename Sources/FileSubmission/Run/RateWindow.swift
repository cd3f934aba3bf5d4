/// How fast a count grows, over the last half minute. A value; time comes in.
package struct RateWindow: Sendable {
    private static let span = Duration.seconds(30)
    private static let pause = Duration.milliseconds(500)

    private var samples: [(at: Duration, count: Int)] = []

    package init() {}

    /// - Parameter now: time since any fixed moment.
    package mutating func saw(_ count: Int, at now: Duration) {
        if let last = samples.last, now - last.at < Self.pause { return }
        samples.append((now, count))
        while samples.count > 2, let first = samples.first, now - first.at > Self.span { samples.removeFirst() }
    }

    /// A second; nil while that is not known yet.
    package func rate(_ count: Int, at now: Duration) -> Double? {
        guard let first = samples.first else { return nil }
        let time = Double((now - first.at).components.seconds) + Double((now - first.at).components.attoseconds) / 1e18
        return time >= 0.2 ? Double(count - first.count) / time : nil
    }
}
