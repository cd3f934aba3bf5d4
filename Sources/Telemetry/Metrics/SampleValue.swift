/// Numbers as the text format writes them.
enum SampleValue {
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        // Doubles above 2^53 step by more than one, and are shorter with an exponent.
        if value == value.rounded(), value.magnitude < 9e15 { return String(Int64(value)) }
        return String(value)
    }
}
