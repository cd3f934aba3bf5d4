extension IntakeRequest {
    private static let places = 0...1_000_000

    /// From where a client that was here before wants to read on.
    ///
    /// - Parameter header: where it may stand too; the query goes before it.
    func place(header: String? = nil) throws(IntakeProblem) -> Int? {
        guard let text = try query("starting_after") ?? header else { return nil }
        guard let number = Int(text), Self.places ~= number else {
            throw .field(
                "starting_after",
                "starting_after has to be the number of an event, from 0 to \(Self.places.upperBound).")
        }
        return number
    }
}
