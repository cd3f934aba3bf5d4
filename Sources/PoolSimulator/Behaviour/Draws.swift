/// The random numbers of one call, each from 0 to 1.
///
/// Always all of them, so that changing one rate of an endpoint does not shift what happens to the calls of another kind.
package struct Draws: Sendable {
    package var reset: Double
    package var hang: Double
    package var throttle: Double
    package var error: Double
    package var garbage: Double
    package var truncate: Double
    package var jitter: Double
    package var flex: Double
    package var errorInStream: Double

    package init(from generator: inout SeededGenerator) {
        reset = generator.share()
        hang = generator.share()
        throttle = generator.share()
        error = generator.share()
        garbage = generator.share()
        truncate = generator.share()
        jitter = generator.share()
        flex = generator.share()
        errorInStream = generator.share()
    }
}
