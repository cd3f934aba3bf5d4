import TestKit

/// One prompt that a client wants answered; everything about it follows from its number and the seed.
struct Submission: Sendable, Equatable {
    /// Unlike that of any other submission of the run. Goes along as correlation id, so that the simulator and the audit log
    /// name the submission of every call.
    let name: String
    /// nil: nothing tells a second send of it from another prompt, so it is sent once.
    let key: String?
    /// Sent once more after it was accepted, as by a client that lost the reply.
    let isRepeated: Bool
    /// Seconds after which nobody wants the answer.
    let expiresIn: Int?
    /// Cancelled by its client, so many milliseconds after it was accepted.
    let cancelledAfter: Int?

    init(_ number: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed &* 1_000_003 &+ UInt64(number))
        name = "chaos-\(seed)-\(number)"
        let kind = Int.random(in: 0..<100, using: &generator)
        key = kind < 65 ? name : nil
        isRepeated = kind < 10
        expiresIn = (60..<63).contains(kind) || kind == 99 ? 10 : nil
        cancelledAfter = (50..<55).contains(kind) ? Int.random(in: 0...1500, using: &generator) : nil
    }

    /// Nothing but a prompt.
    init(plain number: Int, seed: UInt64) {
        name = "plain-\(seed)-\(number)"
        (key, isRepeated, expiresIn, cancelledAfter) = (nil, false, nil, nil)
    }

    var body: String {
        let expiry = expiresIn.map { #","expires_in":\#($0)"# } ?? ""
        return #"{"model":"gpt-4o","prompt":"\#(name): why is the sky blue?"\#(expiry)}"#
    }

    var headers: [(name: String, value: String)] {
        [("x-request-id", name)] + (key.map { [("idempotency-key", $0)] } ?? [])
    }
}
