/// A call that began, and the endpoint that took it.
package struct RoutedCall: Sendable, Equatable {
    /// Positions of the endpoints in the configuration.
    package let asked: Int
    package let served: Int
    package let fate: CallFate
    package let spillover: Spillover
}

/// What became of the attempt to hand a call on.
package enum Spillover: Sendable, Equatable {
    case none
    case served
    /// The other endpoint would not take it either; the caller gets the first one's answer.
    case refused(status: Int)
}
