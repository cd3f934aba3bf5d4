import JobFlow

/// A batch as clients of `/v1/jobs/batch` read it.
enum BatchObject {
    /// - Parameter first: the number of the first line that was sent.
    static func accepted(_ batch: BatchID, first: Int, _ tally: LineTally) -> [UInt8] {
        JSONWriter.object(capacity: 256 + tally.rejected.count * 128) { json in
            json.member("object", "job.batch")
            json.member("id", batch.description)
            json.member("first_line", first)
            json.member("accepted", tally.accepted)
            json.member(
                "rejected",
                array: { list in
                    for rejection in tally.rejected { list.element(object: { Self.write(rejection, &$0) }) }
                })
            json.member("rejected_count", tally.rejectedCount)
            let others = tally.known.filter { $0.id.batch != batch || $0.id.line != $0.line }
            json.member(
                "known", array: { list in for known in others { list.element(object: { Self.write(known, &$0) }) } })
        }
    }

    static func bytes(_ batch: BatchID, _ standing: BatchStanding) -> [UInt8] {
        JSONWriter.object { json in
            json.member("object", "job.batch")
            json.member("id", batch.description)
            json.member("created_at", standing.createdAt)
            json.member("total", standing.total)
            json.member(
                "counts",
                object: { counts in
                    for (state, name) in names { counts.member(name, standing.counts[state] ?? 0) }
                })
        }
    }

    private static let names: [(JobState, StaticString)] = [
        (.queued, "queued"), (.scheduled, "scheduled"), (.inProgress, "in_progress"), (.completed, "completed"),
        (.failed, "failed"), (.cancelled, "cancelled"), (.expired, "expired"),
    ]

    private static func write(_ known: LineTally.Known, _ json: inout JSONWriter) {
        json.member("line", known.line)
        json.member("id", known.id.description)
    }

    private static func write(_ rejection: LineTally.Rejection, _ json: inout JSONWriter) {
        json.member("line", rejection.line)
        json.member("code", rejection.code)
        json.member("message", rejection.message)
    }
}
