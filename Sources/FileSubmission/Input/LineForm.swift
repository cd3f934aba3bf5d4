import JobFlow

/// What a line of the file is.
package enum LineForm: Sendable, Equatable {
    /// A batch line, or the body of a submission: sent as it is, the intake judges it.
    case batch
    /// A prompt, for this model if one is given.
    case text(model: String?)

    /// The line as it is sent.
    func json(_ line: ArraySlice<UInt8>) -> [UInt8] {
        switch self {
        case .batch: Array(line)
        case .text(let model):
            JSONWriter.object(capacity: line.count + 64) { json in
                json.member("prompt", String(decoding: line, as: UTF8.self))
                if let model { json.member("model", model) }
            }
        }
    }
}

extension ArraySlice<UInt8> {
    /// Nothing but spaces: no job, for the intake neither.
    var isBlank: Bool { allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d } }
}
