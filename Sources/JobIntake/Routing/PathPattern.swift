/// A template of paths, `/v1/jobs/{id}`, as bytes that a path is held against.
struct PathPattern: Sendable, Equatable {
    /// A variable part is one byte that no template has.
    private static let variable: UInt8 = 0
    private static let slash = UInt8(ascii: "/")

    private let bytes: [UInt8]
    /// Variable parts.
    let variables: Int
    let slashes: Int

    init(_ template: String) {
        let parts = template.utf8.split(separator: Self.slash, omittingEmptySubsequences: false).map { part in
            part.first == UInt8(ascii: "{") ? [Self.variable] : Array(part)
        }
        bytes = Array(parts.joined(separator: [Self.slash]))
        variables = bytes.count { $0 == Self.variable }
        slashes = parts.count - 1
    }

    static func slashes(_ path: Span<UInt8>) -> Int {
        var count = 0
        for index in path.indices where path[index] == slash { count += 1 }
        return count
    }

    /// The variable parts of a path of this template, none of which is empty; nil for any other path.
    func match(_ path: Span<UInt8>) -> [Range<Int>]? {
        var parts: [Range<Int>] = []
        var index = 0
        for byte in bytes {
            guard index < path.count else { return nil }
            guard byte == Self.variable else {
                guard path[index] == byte else { return nil }
                index += 1
                continue
            }
            let start = index
            while index < path.count, path[index] != Self.slash { index += 1 }
            guard index > start else { return nil }
            parts.append(start..<index)
        }
        return index == path.count ? parts : nil
    }
}
