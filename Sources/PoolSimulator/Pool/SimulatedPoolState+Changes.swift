extension SimulatedPoolState {
    /// When the next change of the timeline is due.
    package var nextChange: Int64? { timeline.next(after: played).map { began + $0 } }

    /// Makes the changes that are due. Returns the endpoints that went dark by them: their calls under way end with
    /// `.reset`.
    package mutating func advance(to now: Int64) -> [Int] {
        guard now - began > played else { return [] }
        let due = timeline.changes(after: played, through: now - began)
        played = now - began
        return due.compactMap { change in
            guard let position = position(of: change.endpoint) else { return nil }
            // What cannot be applied was refused with the configuration.
            return (try? apply(change.fields, to: position, path: "", now: now)) == true ? position : nil
        }
    }

    /// Changes the named fields of an endpoint. True when it is dark from now on.
    mutating func apply(
        _ fields: [String: AdminValue], to endpoint: Int, path: String, now: Int64
    ) throws(SimulatorProblem) -> Bool {
        var changed = states[endpoint].behaviour
        try changed.apply(fields, path: path)
        try changed.checkSpillover(from: endpoints[endpoint].name, among: endpoints, path: path)
        states[endpoint].change(to: changed, now: now)
        return changed.blackout && fields["blackout"] != nil
    }

    /// Starts the counts and the timeline anew. What the timeline changed is first set back, so that it plays the same
    /// again; buckets keep what is in them.
    package mutating func reset(now: Int64) {
        for change in timeline.changes {
            guard let position = position(of: change.endpoint) else { continue }
            var behaviour = states[position].behaviour
            for name in change.fields.keys {
                BehaviourField.named(name)?.copy(from: endpoints[position].behaviour, to: &behaviour)
            }
            states[position].change(to: behaviour, now: now)
        }
        (began, played) = (now, -1)
        for index in states.indices { states[index].resetCounts(now: now) }
    }
}

extension EndpointBehaviour {
    /// The one field whose value only those can judge who know all endpoints.
    func checkSpillover(
        from name: String, among endpoints: [SimulatedEndpoint], path: String
    ) throws(SimulatorProblem) {
        guard let spillover else { return }
        guard spillover != name, endpoints.contains(where: { $0.name == spillover }) else {
            throw SimulatorProblem(
                path: path.isEmpty ? "spillover" : "\(path).spillover",
                reason: "null or the name of another endpoint is allowed")
        }
    }
}
