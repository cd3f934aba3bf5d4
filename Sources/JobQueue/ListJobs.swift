package import JobFlow
import Redis
import RedisFaults

/// `list.lua`: pages of the jobs in one state. Filters are applied to what the lists name, so a page may take several looks.
extension RedisJobStore {
    /// Jobs that one script looks at, at most: bounds how long Redis is held.
    private static let looksAtOnce = 500

    package func list(_ page: JobPage) async throws(StoreError) -> JobList {
        var list = JobList()
        var looks = page.looks
        for lane in try await lanes(page) {
            list.hasMore = true
            guard list.jobs.count < page.limit, looks > 0 else { break }
            try await add(page, lane, to: &list, &looks)
            if list.hasMore { break }
        }
        return list
    }

    private struct Lane {
        var partition: Int
        /// Streams are one a queue; every other list holds the jobs of all queues.
        var queue: String
        var after: JobID?
    }

    /// One behind the other, from that of the last job seen on.
    private func lanes(_ page: JobPage) async throws(StoreError) -> [Lane] {
        let lanes = (0..<configuration.partitions).flatMap { partition in
            queues(page).map { Lane(partition: partition, queue: $0) }
        }
        guard let after = page.after else { return lanes }
        // The last one seen may be gone by now; where the page names the queue, nobody has to ask.
        let queue =
            if page.state == .queued, page.queue == nil { try await record(after)?.spec.queue } else {
                page.queue ?? ""
            }
        guard let start = lanes.firstIndex(where: { $0.partition == after.partition && $0.queue == queue }) else {
            return []
        }
        return [Lane(partition: after.partition, queue: lanes[start].queue, after: after)] + lanes[(start + 1)...]
    }

    private func queues(_ page: JobPage) -> [String] {
        page.state == .queued && page.queue == nil ? configuration.queues : [page.queue ?? ""]
    }

    /// - Parameter looks: how many jobs may still be looked at.
    private func add(_ page: JobPage, _ lane: Lane, to list: inout JobList, _ looks: inout Int)
        async throws(StoreError)
    {
        var after = lane.after?.description ?? ""
        while list.hasMore, list.jobs.count < page.limit, looks > 0 {
            let arguments = Self.arguments(
                page, lane.queue, after: after, limit: page.limit - list.jobs.count, min(looks, Self.looksAtOnce))
            let part = try await evaluate(QueueScripts.list, lane.partition, arguments) { $0.array }
            guard part.count == 4, let jobs = part[0].array, let last = part[1].string, let looked = part[3].int else {
                throw .unexpected("list")
            }
            for job in jobs {
                if let found = try ReadRecord.found(job), let record = try ReadRecord.record(found) {
                    list.jobs.append(record)
                }
            }
            if looked > 0 { list.last = JobID(last) }
            list.hasMore = part[2].int == 1 && last != after
            after = last
            looks -= looked
        }
    }

    private static func arguments(_ page: JobPage, _ queue: String, after: String, limit: Int, _ looks: Int)
        -> [RedisArgument]
    {
        [
            .string(page.state.rawValue), .string(queue), .string(page.reason ?? ""),
            .string(String(page.since?.milliseconds ?? 0)),
            .string(String(page.until?.milliseconds ?? 9_007_199_254_740_991)), .string(after), .integer(limit),
            .integer(looks),
        ] + ReadRecord.names
    }
}
