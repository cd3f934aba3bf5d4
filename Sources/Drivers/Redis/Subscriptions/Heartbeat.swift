/// Tells a quiet connection from a dead one: a listener sends nothing, so TCP alone would never say.
struct Heartbeat: Sendable {
    enum Action: Sendable, Equatable {
        case nothing
        case ping
        case dead
    }

    private var silentTicks = 0

    mutating func heard() { silentTicks = 0 }

    /// Once a period. A ping has one whole period to be answered.
    mutating func tick() -> Action {
        silentTicks += 1
        return switch silentTicks {
        case ...1: .nothing
        case 2: .ping
        default: .dead
        }
    }
}
