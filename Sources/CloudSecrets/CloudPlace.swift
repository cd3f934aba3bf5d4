/// Where this process runs, as far as it tells who it is: its environment and the files that this names.
package struct CloudPlace: Sendable {
    let environment: [String: String]
    private let file: @Sendable (_ path: String) -> String?

    /// - Parameter file: the text of a file; nil if it cannot be read.
    package init(environment: [String: String], file: @escaping @Sendable (_ path: String) -> String?) {
        self.environment = environment
        self.file = file
    }

    /// An empty variable counts as none, as the official SDKs have it.
    subscript(name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    func text(of path: String) -> String? { file(path) }

    /// A token that a file holds. Read for every use: the platform renews it.
    func token(in path: String) throws(CloudFault) -> String {
        guard let text = file(path) else { throw CloudFault("the token file \(path) cannot be read") }
        let token = text.trimmed
        guard !token.isEmpty, !token.utf8.contains(where: { $0 < 0x20 }) else {
            throw CloudFault("the token file \(path) holds no token")
        }
        return token
    }
}

extension String {
    var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }

    /// As `application/x-www-form-urlencoded` has it.
    var formEncoded: String {
        utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}

/// A body of form fields.
struct FormFields {
    static let contentType = (name: "Content-Type", value: "application/x-www-form-urlencoded")

    let fields: [(String, String)]

    var bytes: [UInt8] { Array(fields.map { "\($0.0.formEncoded)=\($0.1.formEncoded)" }.joined(separator: "&").utf8) }
}
