/// Brings the lines of the file to the intake, from where the run before has come, a few requests at a time.
struct SendFile: Sendable {
    let input: KeptFile
    let size: Int
    let form: LineForm
    let intake: any BatchIntake
    let desk: SubmissionDesk
    /// Requests under way at once.
    let parallel: Int
    let sleep: @Sendable (Duration) async throws -> Void

    func run() async throws {
        let sent = await desk.state.sent
        try await withThrowingTaskGroup(of: Void.self) { group in
            var cutter = ChunkCutter(form, first: sent.line + 1, at: sent.bytes)
            var (offset, underway) = (sent.bytes, 0)
            while true {
                let piece = try input.read(1 << 18, at: offset)
                offset += piece.count
                let chunks = piece.isEmpty ? cutter.end().map { [$0] } ?? [] : cutter.feed(piece)
                for chunk in chunks {
                    if underway >= parallel { try await group.next() }
                    underway += 1
                    group.addTask { try await deliver(chunk) }
                }
                if piece.isEmpty { break }
            }
            // The first trouble ends the others, which `waitForAll` would wait for.
            for try await _ in group {}
            guard offset == size else {
                throw SubmissionTrouble("\(input.path) was changed while it was submitted: lines may have been missed")
            }
        }
    }

    private func deliver(_ chunk: LineChunk) async throws {
        var delivery = await desk.pending(chunk)
        while let first = delivery.next.first {
            let lines = delivery.next
            let pause: (wait: Duration, reason: String?)
            do {
                pause = delivery.answered(try await intake.send(chunk.body(lines), firstLine: first))
            } catch let trouble as IntakeTrouble {
                let (wait, reason) = try delivery.failed(trouble)
                pause = (wait, reason)
            }
            await desk.notice(pause.reason)
            if pause.wait > .zero { try await sleep(pause.wait) }
        }
        try await desk.delivered(chunk, delivery)
    }
}
