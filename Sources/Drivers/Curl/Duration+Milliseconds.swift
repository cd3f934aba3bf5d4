extension Duration {
    /// Rounded up and never 0, which libcurl reads as "no limit"; at most what libcurl takes.
    var curlMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < Int64(Int32.max) / 1000 else { return Int(Int32.max) }
        let fraction = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int(max(1, seconds * 1000 + fraction))
    }
}
