extension ConnectionWatch {
    /// What `body` gives; nil if the connection closes before that.
    static func whileOpen<Value: Sendable>(
        _ connection: ConnectionWatch?, _ body: @escaping @Sendable () async -> Value
    ) async -> Value? {
        guard let connection else { return await body() }
        return await withTaskGroup(of: Value?.self) { group in
            group.addTask { await body() }
            group.addTask {
                await connection.closing()
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}
