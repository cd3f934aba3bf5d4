import JobFlow
import Synchronization

extension EndpointPool {
    /// Takes another configuration over. Calls under way go on as they began; a key that is not given is the one that was.
    package func reconfigure(_ configuration: PoolConfiguration) {
        guarded.withLock { guarded in
            guarded.state.reconfigure(configuration)
            guarded.connectTimeout = configuration.connectTimeout
            guarded.events = PoolEvents(guarded.state.endpoints, logger: logger)
            let new = guarded.state.endpoints.dropFirst(guarded.credentials.count)
            guarded.credentials += new.map(\.credential)
            for endpoint in configuration.endpoints where endpoint.credential != .none {
                _ = guarded.set(endpoint.credential, of: endpoint.name)
            }
        }
        bell.raise()
        room.raise()
    }
}

extension EndpointPool.Guarded {
    func index(_ name: String) -> Int? { state.endpoints.firstIndex { $0.name == name } }

    /// Whether it is another than before.
    mutating func set(_ credential: Credential, of name: String) -> Bool {
        guard let index = index(name), credentials[index] != credential else { return false }
        credentials[index] = credential
        return true
    }
}
