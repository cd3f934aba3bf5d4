/// The members of a request that mean something to the simulator.
enum RequestMember: Equatable {
    case model, maxTokens, stream, includeUsage, dimensions, encodingFormat
    /// `input`, which is a prompt and, for embeddings, may be a list of them.
    case input
    /// Any other prompt text.
    case prompt
    case other

    private static let longestName = 21

    init(_ name: ArraySlice<UInt8>, depth: Int) {
        guard name.count <= Self.longestName else {
            self = .other
            return
        }
        switch (String(decoding: name, as: UTF8.self), depth) {
        case ("content", _), ("text", _): self = .prompt
        case ("model", 1): self = .model
        case ("max_tokens", 1), ("max_completion_tokens", 1), ("max_output_tokens", 1): self = .maxTokens
        case ("input", 1): self = .input
        case ("prompt", 1), ("instructions", 1): self = .prompt
        case ("stream", 1): self = .stream
        case ("include_usage", 2): self = .includeUsage
        case ("dimensions", 1): self = .dimensions
        case ("encoding_format", 1): self = .encodingFormat
        default: self = .other
        }
    }

    /// What the elements of a list under this name are.
    var element: RequestMember { self == .input || self == .prompt ? .prompt : .other }
}

extension RequestScanner {
    private static let longestTopic = 48
    private static let markers: [(text: [UInt8], marker: ModelRequest.Marker)] = [
        (Array("[[content_filter]]".utf8), .contentFilter), (Array("[[context_length]]".utf8), .contextLength),
    ]

    mutating func take(number: Int?, of member: RequestMember) {
        guard let number, number > 0 else { return }
        switch member {
        case .maxTokens: request.maxTokens = number
        case .dimensions: request.dimensions = number
        default: break
        }
    }

    mutating func take(flag: Bool, of member: RequestMember) {
        switch member {
        case .stream: request.stream = flag
        case .includeUsage: request.includeUsage = flag
        default: break
        }
    }

    mutating func take(text range: Range<Int>, of member: RequestMember) {
        switch member {
        case .model: request.model = String(decoding: bytes[range], as: UTF8.self)
        case .encodingFormat: request.base64Vectors = bytes[range].elementsEqual("base64".utf8)
        case .input, .prompt: takePrompt(range)
        default: break
        }
    }

    /// FNV-1a over the text, the number of its characters, its markers and its first words.
    private mutating func takePrompt(_ range: Range<Int>) {
        var hash = request.promptHash
        var characters = 0
        for index in range {
            let byte = bytes[index]
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
            if byte & 0xc0 != 0x80 { characters += 1 }
            if byte == UInt8(ascii: "["), index + 1 < range.upperBound, bytes[index + 1] == byte {
                takeMarker(in: index..<range.upperBound)
            }
        }
        request.promptHash = hash
        request.promptCharacters += characters
        request.topic = topic(of: range)
    }

    private mutating func takeMarker(in range: Range<Int>) {
        for (text, marker) in Self.markers where bytes[range].starts(with: text) { request.marker = marker }
    }

    private func topic(of range: Range<Int>) -> String {
        let words = bytes[range].prefix(Self.longestTopic).prefix { $0 != UInt8(ascii: "\\") }
        let end = words.count == range.count ? words.endIndex : words.lastIndex(of: 0x20) ?? words.startIndex
        return String(validating: words[..<end], as: UTF8.self) ?? ""
    }
}
