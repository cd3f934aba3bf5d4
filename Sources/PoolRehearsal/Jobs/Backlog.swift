import DequeModule
import HeapModule
import JobFlow

/// The queue as a worker sees it: streams in the order of arrival, jobs that wait for a retry, and jobs by their deadline. The
/// rules are those of `claim.lua`.
struct Backlog: Sendable {
    let jobs: [RehearsedJob]
    private let queues: [String]
    private(set) var progress: [JobProgress]
    private(set) var census: DeadlineCensus
    private(set) var live = 0
    private var streams: [Deque<Int32>]
    private var resting = Heap<JobAtTime>()
    private var urgent = Heap<JobAtTime>()
    private var arrived = 0
    private let byArrival: [Int32]

    init(_ jobs: [RehearsedJob], queues: [String]) {
        self.jobs = jobs
        self.queues = queues
        progress = Array(repeating: JobProgress(), count: jobs.count)
        census = DeadlineCensus(jobs)
        streams = Array(repeating: [], count: queues.count)
        byArrival = jobs.indices.sorted { (jobs[$0].arrival, $0) < (jobs[$1].arrival, $1) }.map { Int32($0) }
    }

    /// When the next job comes; nil if all are here.
    var nextArrival: Int64? { arrived < byArrival.count ? jobs[Int(byArrival[arrived])].arrival : nil }

    var isDone: Bool { live == 0 && arrived == byArrival.count }

    func nextDue(from now: Int64) -> Duration? { resting.min.map { .milliseconds(max(0, $0.at - now)) } }

    mutating func arrive(by now: Int64) {
        while let next = nextArrival, next <= now {
            let job = Int(byArrival[arrived])
            arrived += 1
            live += 1
            census.count(job, by: 1)
            enqueue(job)
        }
    }

    /// Retries that are due go back to their stream. Returns the jobs that nobody holds and whose deadline has passed.
    mutating func keepHouse(at now: Int64) -> [Int] {
        while let first = resting.min, first.at <= now {
            resting.removeMin()
            if progress[first.job].phase == .resting { enqueue(first.job) }
        }
        var expired: [Int] = []
        while let job = census.nextPassed(at: now) {
            if progress[job].phase == .waiting || progress[job].phase == .resting { expired.append(job) }
        }
        return expired
    }

    /// Urgent jobs first, then each queue's share, then what is left.
    mutating func claim(_ shares: [QueueShare], limit: Int, urgent: UrgentShare, at now: Int64) -> [Int] {
        var claims = takeUrgent(min(urgent.jobs, limit), by: now + urgent.within.wholeMilliseconds, from: now)
        var most = shares.map(\.most)
        for isFirst in [true, false] {
            for index in shares.indices {
                let wanted = isFirst ? min(shares[index].jobs, most[index]) : most[index]
                let mine = take(from: shares[index].queue, min(wanted, limit - claims.count))
                most[index] -= mine.count
                claims += mine
            }
        }
        return claims
    }

    /// Jobs are left in the streams.
    var hasMore: Bool { streams.contains { !$0.isEmpty } }

    mutating func rest(_ job: Int, until time: Int64, _ left: JobProgress) {
        progress[job] = left
        progress[job].phase = .resting
        resting.insert(JobAtTime(at: time, job: job))
    }

    mutating func giveBack(_ job: Int, _ left: JobProgress) {
        progress[job] = left
        enqueue(job)
    }

    mutating func end(_ job: Int) {
        progress[job].phase = .ended
        live -= 1
        census.count(job, by: -1)
    }

    private mutating func enqueue(_ job: Int) {
        progress[job].phase = .waiting
        streams[Int(jobs[job].queue)].append(Int32(job))
        if let deadline = jobs[job].deadline { urgent.insert(JobAtTime(at: deadline, job: job)) }
    }

    /// Entries of jobs that were taken otherwise meanwhile are ghosts.
    private mutating func take(from queue: String, _ count: Int) -> [Int] {
        guard count > 0, let queue = queues.firstIndex(of: queue) else { return [] }
        var claims: [Int] = []
        while claims.count < count, let job = streams[queue].popFirst().map(Int.init) {
            if hold(job) { claims.append(job) }
        }
        return claims
    }

    private mutating func takeUrgent(_ count: Int, by moment: Int64, from now: Int64) -> [Int] {
        var claims: [Int] = []
        while claims.count < count, let first = urgent.min, first.at <= moment {
            urgent.removeMin()
            if first.at > now, hold(first.job) { claims.append(first.job) }
        }
        return claims
    }

    private mutating func hold(_ job: Int) -> Bool {
        guard progress[job].phase == .waiting else { return false }
        progress[job].phase = .held
        return true
    }
}

struct JobAtTime: Comparable, Sendable {
    var at: Int64
    var job: Int

    static func < (a: JobAtTime, b: JobAtTime) -> Bool { (a.at, a.job) < (b.at, b.job) }
}
