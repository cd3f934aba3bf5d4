/// Reads what has ended, page by page, until every line has its result.
struct CollectResults: Sendable {
    let batch: String
    let intake: any BatchIntake
    let desk: SubmissionDesk
    let now: @Sendable () -> Duration
    let sleep: @Sendable (Duration) async throws -> Void

    /// While nothing ends: so often is looked.
    private static let pauses = (shortest: Duration.milliseconds(50), longest: Duration.seconds(1))
    /// Nothing has come for so long, though nothing is left to run: the list is read from its start.
    private static let patience = Duration.seconds(5)
    /// A batch that is not known for so long is none of this intake.
    private static let belief = Duration.seconds(60)

    /// Until there is nothing more at the moment.
    func drain(from start: String?) async throws -> String? {
        var cursor = start
        while true {
            let page = try await self.page(after: cursor)
            _ = try await desk.collected(page, at: now())
            cursor = page.next ?? cursor
            if !page.hasMore { return cursor }
        }
    }

    /// Until every line has its result.
    func run(from start: String?) async throws {
        var (cursor, pause, lastNew, patience) = (start, Self.pauses.shortest, now(), Self.patience)
        while await !desk.isDone {
            let page = try await self.page(after: cursor)
            cursor = page.next ?? cursor
            if try await desk.collected(page, at: now()) > 0 {
                (lastNew, pause) = (now(), Self.pauses.shortest)
            } else {
                pause = min(Self.pauses.longest, pause * 2)
            }
            if page.hasMore { continue }
            if await desk.isSent {
                try await collectKnown()
                if now() - lastNew > patience, try await isIdle() {
                    (cursor, lastNew, patience) = (nil, now(), patience * 2)
                }
            }
            if await !desk.isDone { try await sleep(pause) }
        }
    }

    private func isIdle() async throws -> Bool { try await asking { try await intake.living(in: batch) } == 0 }

    private func page(after cursor: String?) async throws -> ResultsPage {
        try await asking {
            do { return try await intake.results(of: batch, after: cursor) } catch let trouble as IntakeTrouble {
                guard case .unknown = trouble, await !desk.hasJobs else { throw trouble }
                return ResultsPage(entries: [], hasMore: false, next: nil)
            }
        }
    }

    /// Lines that are jobs of another name, a few at a time.
    private func collectKnown() async throws {
        for (line, id) in await desk.state.known.sorted(by: { $0.key < $1.key }).prefix(16) {
            let entry = try await known(line, id)
            if let entry { try await desk.collected(line, known: entry) }
        }
    }

    private func known(_ line: Int, _ id: String) async throws -> ResultsPage.Entry? {
        do {
            let job = try await asking { try await intake.ended(id) }
            return job.map { ResultsPage.Entry(line: line, id: id, job: $0) }
        } catch is SubmissionTrouble { return ResultsPage.Entry(line: line, id: id, job: nil) }
    }

    /// Asks again while nobody can answer.
    private func asking<Answer>(_ ask: () async throws -> Answer) async throws -> Answer {
        var (retry, unknownSince) = (RetryPause(), Duration?.none)
        while true {
            let (wait, reason): (Duration, String)
            do {
                let answer = try await ask()
                if unknownSince != nil || retry != RetryPause() { await desk.notice(nil) }
                return answer
            } catch let trouble as IntakeTrouble {
                switch trouble {
                case .away(let text): (wait, reason) = (retry.next(), text)
                case .busy(let after, _, let text): (wait, reason) = (after, text)
                case .unknown(let text):
                    // What was accepted while the queue was away may come to it later.
                    unknownSince = unknownSince ?? now()
                    if let since = unknownSince, now() - since > Self.belief { throw SubmissionTrouble(text) }
                    (wait, reason) = (retry.next(), text)
                case .refused(let text): throw SubmissionTrouble(text)
                }
            }
            await desk.notice(reason)
            try await sleep(wait)
        }
    }
}
