import JobFlow

/// Submits the lines of a file and, if asked, waits for the answers: a bounded number of lines under way at once, however
/// long the file is.
struct SubmitRun: Sendable {
    let client: SluiceClient
    let progress: Progress
    let waits: Bool
    let parallel: Int
    /// Names this run; with the number of the line it makes a re-sent line the same job.
    let runID: String
    let body: @Sendable (String) throws -> [UInt8]
    let output: @Sendable ([UInt8]) async throws -> Void

    func run(_ lines: some AsyncSequence<String, any Error>) async throws {
        var number = 0
        try await withThrowingTaskGroup(of: Void.self) { group in
            for try await line in lines {
                number += 1
                guard !line.allSatisfy(\.isWhitespace) else { continue }
                if number > parallel { try await group.next() }
                let current = number
                group.addTask { try await one(line, number: current) }
            }
            try await group.waitForAll()
        }
    }

    private func one(_ line: String, number: Int) async throws {
        do {
            let job = try await client.submit(body(line), idempotencyKey: "\(runID)-\(number)")
            guard let id = job["id"]?.string else { throw PlainError("the answer has no id") }
            await progress.update { $0.submitted += 1 }
            guard waits else { return try await output(Array("\(id)".utf8)) }
            let ended = try await end(of: id)
            let (status, attempts) = (ended["status"]?.string ?? "", ended["attempts"]?.int ?? 0)
            await progress.update { $0.ended(id: id, status: status, attempts: attempts) }
            try await output(ResultLine.line(ended))
        } catch let error as APIError {
            try await reject(number, error.message)
        } catch let error as JSONFault {
            try await reject(number, error.description)
        }
    }

    private func reject(_ number: Int, _ reason: String) async throws {
        await progress.update { $0.rejected += 1 }
        try await output(ResultLine.rejected(line: number, reason))
    }

    private func end(of id: String) async throws -> JSONObject {
        while true {
            let job = try await client.job(id, wait: .seconds(30))
            if let state = job["status"]?.string.flatMap(JobState.init), state.isTerminal { return job }
        }
    }
}
