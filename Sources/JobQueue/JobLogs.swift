import JobFlow
import Redis

/// `append.lua` and `follow.lua`: the logs of streamed jobs.
enum JobLogs {
    struct Addition: Sendable {
        var claim: Claim
        var addition: JobEventAddition
    }

    /// Entries in one reply.
    static let most = 200

    static func size(_ addition: Addition) -> Int { addition.addition.bytes.count + 128 }

    static func arguments(_ additions: [Addition], _ configuration: QueueConfiguration) -> [RedisArgument] {
        [.integer(configuration.streamEntries)]
            + additions.flatMap { one -> [RedisArgument] in
                [
                    .string(one.claim.spec.id.description), .integer(one.claim.epoch), .string(one.claim.worker),
                    .integer(one.addition.attempt), .integer(one.addition.offset), .bytes(one.addition.bytes),
                    one.addition.isEnd ? "1" : "",
                    .integer(configuration.streamTTLMilliseconds(one.claim.spec.queue)),
                ]
            }
    }

    static func outcomes(_ reply: RedisReply) -> [AppendOutcome]? {
        reply.array?.map { $0.int == 1 ? .appended : .refused }
    }

    static func arguments(_ id: JobID, from sequence: Int) -> [RedisArgument] {
        [.string(id.description), .integer(max(0, sequence)), .integer(most)]
    }

    /// What was read; nil in it if there is no such job.
    struct Reading: Sendable {
        var id: JobID
        var page: JobEventPage?
    }

    static func reading(_ reply: RedisReply) -> Reading? {
        guard let parts = reply.array, let id = parts.first?.bytes.flatMap(JobID.init(utf8:)) else { return nil }
        // Without a state there is no job.
        guard parts.count == 5 else { return parts.count == 2 ? Reading(id: id) : nil }
        guard let state = parts[1].string.flatMap(JobState.init), let entries = parts[4].array else { return nil }
        let standing = JobStanding(state: state, epoch: parts[2].int ?? 0, attempts: parts[3].int ?? 0)
        return Reading(id: id, page: JobEventPage(events: entries.compactMap(event), standing: standing))
    }

    private static func event(_ reply: RedisReply) -> JobEvent? {
        guard let parts = reply.array, parts.count == 2, let fields = parts[1].array,
            let sequence = parts[0].string?.split(separator: "-").last.flatMap({ Int($0) })
        else { return nil }
        var event = JobEvent(sequence: sequence, attempt: 0, kind: .end)
        for index in stride(from: 0, to: fields.count - 1, by: 2) {
            switch fields[index].string {
            case "a": event.attempt = fields[index + 1].int ?? 0
            case "p": event.kind = .piece(Array(fields[index + 1].bytes ?? []))
            case "restart": event.kind = .restart
            default: break
            }
        }
        return event
    }
}
