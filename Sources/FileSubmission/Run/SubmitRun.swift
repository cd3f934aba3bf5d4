/// Submits a file and, if asked, waits for the answers; goes on where the run before has come.
package struct SubmitRun: Sendable {
    let input: KeptFile
    /// Of the input, when it was read through (bytes).
    let size: Int
    let form: LineForm
    let intake: any BatchIntake
    let desk: SubmissionDesk
    let parallel: Int
    let waits: Bool
    let now: @Sendable () -> Duration
    let sleep: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - parallel: requests with lines under way at once.
    ///   - now: time since any fixed moment.
    package init(
        input: KeptFile, size: Int, form: LineForm, intake: any BatchIntake, desk: SubmissionDesk, parallel: Int,
        waits: Bool,
        now: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        (self.input, self.size, self.form, self.intake, self.desk) = (input, size, form, intake, desk)
        (self.parallel, self.waits, self.now, self.sleep) = (parallel, waits, now, sleep)
    }

    /// - Returns: the name of the batch; nil if there was nothing to do any more.
    @discardableResult package func run() async throws -> String? {
        if await desk.isDone { return nil }
        let batch = try await open()
        let collect = CollectResults(batch: batch, intake: intake, desk: desk, now: now, sleep: sleep)
        // Lines of which the run before does not know whether they arrived, and that have ended since: they are not sent
        // again, however long ago that was.
        let start = await desk.state.collected
        let cursor = try await collect.drain(from: start)
        let send = SendFile(
            input: input, size: size, form: form, intake: intake, desk: desk, parallel: parallel, sleep: sleep)
        try await withThrowingTaskGroup(of: Void.self) { group in
            if await !desk.isSent { group.addTask { try await send.run() } }
            if waits { group.addTask { try await collect.run(from: cursor) } }
            // The first trouble ends the others, which `waitForAll` would wait for.
            for try await _ in group {}
        }
        return batch
    }

    /// A blank line makes no job, but names the batch, and shows that the intake is there and lets us in.
    private func open() async throws -> String {
        var retry = RetryPause()
        while true {
            do { return try await intake.send([UInt8(ascii: "\n")], firstLine: 1).batch } catch let trouble
                as IntakeTrouble
            {
                switch trouble {
                case .away(let reason):
                    await desk.notice(reason)
                    try await sleep(retry.next())
                case .busy(let after, _, let reason):
                    await desk.notice(reason)
                    try await sleep(after)
                case .unknown(let reason), .refused(let reason): throw SubmissionTrouble(reason)
                }
            }
            await desk.notice(nil)
        }
    }
}
