import TestKit

/// What the proxy does with connections and with what they carry.
enum ProxyMode: Sendable {
    case pass
    /// Each chunk waits, in both directions; their order is kept.
    case delay(Duration)
    /// Nothing is carried until the latch opens; then what waited goes through, late, as after a broken route.
    case hold(Latch)
    /// Nobody listens until the latch opens.
    case refuse(Latch)

    /// Lets go of whoever waits for the end of this mode.
    func end() {
        switch self {
        case .pass, .delay: break
        case .hold(let latch), .refuse(let latch): latch.open()
        }
    }
}
