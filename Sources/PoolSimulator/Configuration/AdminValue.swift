import FoundationEssentials

/// A JSON value of a scenario file or of an admin call. Only for small bodies; model calls never become one.
package enum AdminValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([AdminValue])
    case object([String: AdminValue])
}

extension AdminValue: Decodable {
    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .string(text)
        } else if let list = try? value.decode([AdminValue].self) {
            self = .array(list)
        } else {
            self = .object(try value.decode([String: AdminValue].self))
        }
    }

    /// Reads a JSON object, the only thing that admin bodies and scenarios may be.
    static func object(from bytes: [UInt8]) throws(SimulatorProblem) -> [String: AdminValue] {
        do {
            return try JSONDecoder().decode([String: AdminValue].self, from: Data(bytes))
        } catch {
            throw SimulatorProblem(path: "", reason: "a JSON object was expected")
        }
    }
}

extension AdminValue {
    static func number(_ value: Int) -> AdminValue { .number(Double(value)) }

    /// The number when it is whole and within the range.
    func integer(in range: ClosedRange<Int>) -> Int? {
        guard case .number(let number) = self, let whole = Int(exactly: number), range.contains(whole) else {
            return nil
        }
        return whole
    }
}
