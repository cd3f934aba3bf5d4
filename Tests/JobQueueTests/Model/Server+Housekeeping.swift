/// What a worker's visit does before it claims.
extension Model.Server {
    /// A lease that ran out.
    mutating func takeBack(_ rules: Model.Rules) {
        // A cancellation that was not seen through is nobody's crash.
        if record?.owner?.party != .intake { record?.crashes += 1 }
        record?.lease = .none
        if isPoison(rules), !rules.has(.claimedBurial) {
            record?.standing = .ended(.failed)
        } else {
            enqueue()
        }
    }

    func isPoison(_ rules: Model.Rules) -> Bool { (record?.crashes ?? 0) >= rules.poison }

    /// A retry whose time has come.
    mutating func promote() {
        isDue = false
        if record?.standing == .scheduled { enqueue() }
    }

    private mutating func enqueue() {
        record?.standing = .queued
        entries += 1
    }
}
