/// The kinds of fields that there are.
extension BehaviourField {
    typealias Field<Value> = any WritableKeyPath<EndpointBehaviour, Value> & Sendable

    static func number(_ name: String, _ field: Field<Double>, _ range: ClosedRange<Double>) -> Self {
        BehaviourField(
            name: name, allowed: "a number from \(range.lowerBound) to \(range.upperBound)",
            read: { .number($0[keyPath: field]) },
            write: { behaviour, value in
                guard case .number(let number) = value, range.contains(number) else { return false }
                behaviour[keyPath: field] = number
                return true
            })
    }

    static func integer(_ name: String, _ field: Field<Int>, _ range: ClosedRange<Int>) -> Self {
        BehaviourField(
            name: name, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            read: { .number($0[keyPath: field]) },
            write: { behaviour, value in
                guard let number = value.integer(in: range) else { return false }
                behaviour[keyPath: field] = number
                return true
            })
    }

    static func optional(_ name: String, _ field: Field<Int?>, _ range: ClosedRange<Int>) -> Self {
        BehaviourField(
            name: name, allowed: "null or a whole number from \(range.lowerBound) to \(range.upperBound)",
            read: { $0[keyPath: field].map { .number($0) } ?? .null },
            write: { behaviour, value in
                let number = value.integer(in: range)
                guard number != nil || value == .null else { return false }
                behaviour[keyPath: field] = number
                return true
            })
    }

    static func flag(_ name: String, _ field: Field<Bool>) -> Self {
        BehaviourField(
            name: name, allowed: "true or false",
            read: { .bool($0[keyPath: field]) },
            write: { behaviour, value in
                guard case .bool(let flag) = value else { return false }
                behaviour[keyPath: field] = flag
                return true
            })
    }

    static func statuses(_ name: String, _ field: Field<[Int]>) -> Self {
        BehaviourField(
            name: name, allowed: "a list of at most 10000 statuses, each 200 or from 400 to 599,",
            read: { .array($0[keyPath: field].map { .number($0) }) },
            write: { behaviour, value in
                guard case .array(let list) = value, list.count <= 10_000 else { return false }
                let statuses = list.compactMap { $0.integer(in: 200...200) ?? $0.integer(in: 400...599) }
                guard statuses.count == list.count else { return false }
                behaviour[keyPath: field] = statuses
                return true
            })
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ field: Field<Choice>
    ) -> Self {
        BehaviourField(
            name: name, allowed: Choice.allCases.map(\.rawValue).joined(separator: ", "),
            read: { .string($0[keyPath: field].rawValue) },
            write: { behaviour, value in
                guard case .string(let text) = value, let choice = Choice(rawValue: text) else { return false }
                behaviour[keyPath: field] = choice
                return true
            })
    }

    /// Whether there is an endpoint of the name is for those to say who know them all.
    static func endpoint(_ name: String, _ field: Field<String?>) -> Self {
        BehaviourField(
            name: name, allowed: "null or the name of another endpoint",
            read: { $0[keyPath: field].map { .string($0) } ?? .null },
            write: { behaviour, value in
                switch value {
                case .null: behaviour[keyPath: field] = nil
                case .string(let text): behaviour[keyPath: field] = text
                default: return false
                }
                return true
            })
    }
}
