import JobFlow

/// `limit`, `after` and `order` of a list, as the OpenAI API has them.
struct PageParameters: Sendable, Equatable {
    var limit: Int
    var after: String?
    /// The newest first.
    var isDescending: Bool

    init(_ query: ListParameters.Query, limit range: ClosedRange<Int>, usual: Int) throws(IntakeProblem) {
        limit = usual
        if let text = try query("limit") {
            guard let number = Int(text), range ~= number else {
                throw .field("limit", "limit has to be a whole number from \(range.lowerBound) to \(range.upperBound).")
            }
            limit = number
        }
        after = try query("after")
        switch try query("order") {
        case nil, "desc": isDescending = true
        case "asc": isDescending = false
        default: throw .field("order", "order has to be asc or desc.")
        }
    }

    /// - Parameter elements: the oldest first.
    func list<Element>(_ elements: [Element], id: (Element) -> String, _ object: (Element) -> [UInt8]) -> [UInt8] {
        let rest = rest(elements, id)
        let page = rest.prefix(limit)
        return JSONWriter.object(capacity: page.count * 512 + 128) { json in
            json.member("object", "list")
            json.member("data", array: { data in page.forEach { data.element(raw: object($0)) } })
            json.member("has_more", rest.count > page.count)
            json.member("first_id", page.first.map(id))
            json.member("last_id", page.last.map(id))
        }
    }

    /// Those that the list shows.
    func elements<Element>(_ elements: [Element], id: (Element) -> String) -> ArraySlice<Element> {
        rest(elements, id).prefix(limit)
    }

    private func rest<Element>(_ elements: [Element], _ id: (Element) -> String) -> ArraySlice<Element> {
        let all = isDescending ? elements.reversed()[...] : elements[...]
        guard let after else { return all }
        return all.drop { id($0) != after }.dropFirst()
    }
}
