package import JobFlow
import Redis
import RedisFaults

/// `list.lua`: pages of the jobs in one state. Filters are applied to what the lists name, so a page may take several looks.
extension RedisJobStore {
    package func list(_ page: JobPage) async throws(StoreError) -> JobList {
        var list = JobList(jobs: [], hasMore: false)
        for lane in try await lanes(page) {
            if list.jobs.count == page.limit { return JobList(jobs: list.jobs, hasMore: true) }
            let part = try await self.part(of: page, lane, limit: page.limit - list.jobs.count)
            list.jobs += part.jobs
            if part.hasMore { return JobList(jobs: list.jobs, hasMore: true) }
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
        let queue = page.state == .queued ? try await record(after)?.spec.queue : page.queue ?? ""
        guard let start = lanes.firstIndex(where: { $0.partition == after.partition && $0.queue == queue }) else {
            return []
        }
        return [Lane(partition: after.partition, queue: lanes[start].queue, after: after)] + lanes[(start + 1)...]
    }

    private func queues(_ page: JobPage) -> [String] {
        page.state == .queued && page.queue == nil ? configuration.queues : [page.queue ?? ""]
    }

    private func part(of page: JobPage, _ lane: Lane, limit: Int) async throws(StoreError) -> JobList {
        var list = JobList(jobs: [], hasMore: true)
        var after = lane.after?.description ?? ""
        while list.hasMore, list.jobs.count < limit {
            let arguments = Self.arguments(page, lane.queue, after: after, limit: limit - list.jobs.count)
            let part = try await evaluate(QueueScripts.list, lane.partition, arguments) { $0.array }
            guard part.count == 3, let jobs = part[0].array, let last = part[1].string else {
                throw .unexpected("list")
            }
            for job in jobs {
                if let record = try ReadRecord.record(job) { list.jobs.append(record) }
            }
            list.hasMore = part[2].int == 1 && last != after
            after = last
        }
        return list
    }

    private static func arguments(_ page: JobPage, _ queue: String, after: String, limit: Int) -> [RedisArgument] {
        [
            .string(page.state.rawValue), .string(queue), .string(page.reason ?? ""),
            .string(String(page.since?.milliseconds ?? 0)),
            .string(String(page.until?.milliseconds ?? 9_007_199_254_740_991)), .string(after), .integer(limit),
            .integer(500),
        ] + ReadRecord.fields.map(RedisArgument.string)
    }
}
