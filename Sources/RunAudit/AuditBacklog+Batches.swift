extension AuditBacklog {
    /// Splits items into transactions of at most `maximum` weight, or one item.
    static func batches(_ items: [Item], maximum: Int) -> [ArraySlice<Item>] {
        var batches: [ArraySlice<Item>] = []
        var start = 0
        var weight = 0
        for (index, item) in items.enumerated() {
            if index > start, weight + item.weight > maximum {
                batches.append(items[start..<index])
                start = index
                weight = 0
            }
            weight += item.weight
        }
        if start < items.count { batches.append(items[start...]) }
        return batches
    }
}
