/// In which order results are written.
package enum ResultOrder: String, Sendable, CaseIterable {
    /// In that of the lines.
    case input
    /// As they come.
    case finish
}
