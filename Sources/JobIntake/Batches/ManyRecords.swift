import JobFlow

/// Reads many records at a time.
struct ManyRecords: Sendable {
    let store: any JobStore

    /// In the order of the ids; nil for those that are kept no longer.
    func read(_ ids: [JobID]) async throws(StoreError) -> [JobRecord?] {
        var records = [JobRecord?](repeating: nil, count: ids.count)
        var fault: StoreError?
        await withTaskGroup(of: OneRecord.self) { group in
            for (index, id) in ids.enumerated() { group.addTask { await OneRecord(index, id, store) } }
            for await one in group {
                records[one.index] = one.record
                fault = fault ?? one.fault
            }
        }
        if let fault { throw fault }
        return records
    }
}

/// One record that was asked for. Not a tuple of an index and a `Result` of an optional: a group of those, reduced into a
/// dictionary, gave other records than were read when it was built with optimisation (Swift 6.3.1).
private struct OneRecord: Sendable {
    let index: Int
    private(set) var record: JobRecord?
    private(set) var fault: StoreError?

    init(_ index: Int, _ id: JobID, _ store: any JobStore) async {
        self.index = index
        do throws(StoreError) { record = try await store.record(id) } catch { fault = error }
    }
}
