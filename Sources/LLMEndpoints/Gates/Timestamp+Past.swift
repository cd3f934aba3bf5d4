import JobFlow

extension Timestamp {
    /// Before anything has happened.
    static let distantPast = Timestamp(milliseconds: 0)
}
