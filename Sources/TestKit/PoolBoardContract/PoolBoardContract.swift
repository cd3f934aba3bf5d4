/// What every board behind the `PoolBoard` seam promises, one case a promise. A case throws `BrokenPromise`; a test target
/// runs each of them on a board of its own.
package enum PoolBoardContract {
    package struct Case: Sendable, CustomStringConvertible {
        /// The promise, as a sentence.
        package let description: String
        /// Wants an empty board.
        package let check: @Sendable (BoardUnderTest) async throws -> Void

        init(_ description: String, _ check: @escaping @Sendable (BoardUnderTest) async throws -> Void) {
            self.description = description
            self.check = check
        }
    }

    package static let cases =
        throttling + falling + probing + refusing + metering + counting + announcing + using + draining
}
