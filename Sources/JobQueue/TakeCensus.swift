import JobFlow
import Redis

/// Counts of one partition, and the age of the entry at the head of each stream.
enum TakeCensus {
    static func commands(_ partition: Int, queues: [String]) -> [[RedisArgument]] {
        [
            ["TIME"], ["HGETALL", .string(QueueKeys.census(partition))],
            ["SMEMBERS", .string(QueueKeys.paused(partition))],
        ]
            + queues.map { ["XRANGE", .string(QueueKeys.stream($0, partition)), "-", "+", "COUNT", "1"] }
    }

    /// One entry a queue; nil if the replies have another shape.
    static func census(_ replies: [RedisReply], queues: [String]) -> [QueueCensus]? {
        guard replies.count == queues.count + 3, let now = milliseconds(time: replies[0]),
            let counts = counts(replies[1]), let paused = replies[2].array?.compactMap(\.string)
        else { return nil }
        return queues.enumerated().map { index, queue in
            let head = headMilliseconds(replies[index + 3])
            return QueueCensus(
                queue: queue, counts: counts[queue] ?? [:],
                oldestAge: .milliseconds(head.map { max(0, now - $0) } ?? 0),
                isPaused: paused.contains(queue))
        }
    }

    /// Adds up what several partitions hold of one queue.
    static func sum(_ parts: [[QueueCensus]]) -> [QueueCensus] {
        guard var total = parts.first else { return [] }
        for part in parts.dropFirst() {
            for (index, census) in part.enumerated() {
                total[index].counts.merge(census.counts, uniquingKeysWith: +)
                total[index].oldestAge = max(total[index].oldestAge, census.oldestAge)
                total[index].isPaused = total[index].isPaused || census.isPaused
            }
        }
        return total
    }

    private static func milliseconds(time: RedisReply) -> Int? {
        guard let parts = time.array, parts.count == 2, let seconds = parts[0].int, let micros = parts[1].int else {
            return nil
        }
        return seconds * 1000 + micros / 1000
    }

    /// The hash has `queue:state` → number.
    private static func counts(_ reply: RedisReply) -> [String: [JobState: Int]]? {
        guard let parts = reply.array else { return nil }
        var counts: [String: [JobState: Int]] = [:]
        for index in stride(from: 0, to: parts.count - 1, by: 2) {
            guard let name = parts[index].string, let colon = name.lastIndex(of: ":"),
                let state = JobState(rawValue: String(name[name.index(after: colon)...])),
                let count = parts[index + 1].int
            else { continue }
            counts[String(name[..<colon]), default: [:]][state] = max(0, count)
        }
        return counts
    }

    /// A stream entry is named `<ms>-<n>`.
    private static func headMilliseconds(_ reply: RedisReply) -> Int? {
        guard let id = reply.array?.first?.array?.first?.string else { return nil }
        return id.split(separator: "-").first.flatMap { Int($0) }
    }
}
