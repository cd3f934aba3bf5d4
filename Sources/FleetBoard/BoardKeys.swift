/// The keys that Swift needs; the scripts build the others from the prefix.
enum BoardKeys {
    /// KEYS[1] of every script. One hash tag: what a fleet knows is small.
    static let prefix = "sluice{pool}:"

    /// The channel on which gates are announced.
    static let gates = prefix + "gates"

    /// The channel on which it is said that an endpoint was drained or put back.
    static let drains = prefix + "drains"

    /// The statistics of one hour since 1970.
    static func usage(_ hour: Int) -> String { prefix + "usage:\(hour)" }
}
