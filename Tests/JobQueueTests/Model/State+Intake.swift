/// What the intake does.
extension Model.State {
    mutating func accept() -> Bool {
        guard !isAccepted else { return false }
        isJournaled = true
        isAccepted = true
        return true
    }

    mutating func submit(_ delivery: Model.Delivery, _ rules: Model.Rules) -> Bool {
        let isConfirmed = rules.has(.resubmit) ? submittedTo == server.identity : submittedTo != nil
        guard isJournaled, !isConfirmed else { return false }
        server.submit()
        if delivery == .answered { submittedTo = server.identity }
        return true
    }

    mutating func cancel(_ delivery: Model.Delivery, _ rules: Model.Rules) -> Bool {
        guard self[.intake].run == nil, server.admits(.intake, rules),
            let token = server.cancel(name(.intake), rules)
        else { return false }
        guard delivery == .answered else { return true }
        if rules.has(.claimedCancel) {
            self[.intake].run = Model.Run(token: token, isPoison: false, server: server.identity)
        } else {
            self[.intake].note(
                Model.Row(
                    token: token, verdict: .ended(.cancelled), standing: .confirmed, server: server.identity))
        }
        return true
    }
}
