internal import CZlib

/// Unpacks a gzip stream, a piece at a time: it holds one piece of the input and one of the output.
@safe package final class Gunzip {
    package struct Fault: Error, Sendable, Equatable {}

    private let handle: OpaquePointer
    private var input: [UInt8] = []
    private var start = 0
    private var output = [UInt8](repeating: 0, count: 65_536)
    /// The last piece filled the output: there may be more without more input.
    private var mayHoldMore = false

    package init() throws(Fault) {
        guard let handle = unsafe sluice_gunzip_new() else { throw Fault() }
        unsafe self.handle = handle
    }

    deinit { unsafe sluice_gunzip_free(handle) }

    /// Whether the stream may end behind what was given.
    package var isComplete: Bool { unsafe sluice_gunzip_is_complete(handle) != 0 && start == input.count }

    /// Takes the next piece. `next` has to have said before that there is nothing left of the one before.
    package func load(_ bytes: [UInt8]) { (input, start, mayHoldMore) = (bytes, 0, true) }

    /// What comes out, at most 64 KiB at a time; nil when the next piece is needed.
    package func next() throws(Fault) -> ArraySlice<UInt8>? {
        while start < input.count || mayHoldMore {
            let (used, made) = try step()
            start += used
            mayHoldMore = made == output.count
            if made > 0 { return output[..<made] }
            if used == 0 { return nil }
        }
        return nil
    }

    private func step() throws(Fault) -> (used: Int, made: Int) {
        var (used, made) = (0, 0)
        let status = unsafe input.withUnsafeBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe sluice_gunzip_step(
                    handle, input.baseAddress.map { unsafe $0 + start }, input.count - start, &used, output.baseAddress,
                    output.count, &made)
            }
        }
        guard status == 0 else { throw Fault() }
        return (used, made)
    }
}
