/// What every queue behind the `JobStore` seam promises, one case a promise. A case throws `BrokenPromise`; a test target
/// runs each of them on a store of its own:
///
///     @Test(arguments: JobStoreContract.cases)
///     func `the store keeps its promise`(_ promise: JobStoreContract.Case) async throws {
///         try await promise.check(StoreUnderTest(…))
///     }
package enum JobStoreContract {
    package struct Case: Sendable, CustomStringConvertible {
        /// The promise, as a sentence.
        package let description: String
        /// Wants an empty store.
        package let check: @Sendable (StoreUnderTest) async throws -> Void

        init(_ description: String, _ check: @escaping @Sendable (StoreUnderTest) async throws -> Void) {
            self.description = description
            self.check = check
        }
    }

    package static let cases =
        accepting + holding + sharingAnswers + steadfast + operating + randomised

    private static let accepting = submitting + claiming + sharing + hurrying + counting + watching
    private static let holding = settling + retrying + leasing + dying + waiting
    private static let sharingAnswers = reusing + coalescing + servingStale
    private static let steadfast = lostReplies + lostWrites + restoring
    private static let operating = cancelling + steering + listing + streaming + batching + limitingCallers
}
