import JobFlow

/// How many live jobs have their deadline by some moment: a Fenwick tree over all deadlines there are.
struct DeadlineCensus: Sendable {
    /// Of all jobs that have one, by time.
    private let deadlines: [Int64]
    /// Jobs in that order.
    private let jobs: [Int32]
    /// Place of a job in that order, from 1; 0 for a job without a deadline.
    private let ranks: [Int32]
    private var tree: [Int32]
    private var passed = 0

    init(_ all: [RehearsedJob]) {
        let dated = all.indices.filter { all[$0].deadline != nil }
        let order = dated.sorted { (all[$0].deadline ?? 0, $0) < (all[$1].deadline ?? 0, $1) }
        deadlines = order.map { all[$0].deadline ?? 0 }
        jobs = order.map { Int32($0) }
        var ranks = order.isEmpty ? [] : [Int32](repeating: 0, count: all.count)
        for (place, job) in order.enumerated() { ranks[job] = Int32(place + 1) }
        self.ranks = ranks
        tree = [Int32](repeating: 0, count: order.count + 1)
    }

    var isEmpty: Bool { deadlines.isEmpty }

    /// A job came to life (1) or ended (-1).
    mutating func count(_ job: Int, by change: Int32) {
        guard !isEmpty else { return }
        var place = Int(ranks[job])
        guard place > 0 else { return }
        while place < tree.count {
            tree[place] += change
            place += place & -place
        }
    }

    /// Live jobs that are due within each of these times.
    func due(within times: [Duration], from now: Int64) -> [Int] {
        guard !isEmpty else { return [] }
        return times.map { time in
            var place = firstIndex(after: now + time.wholeMilliseconds)
            var sum = 0
            while place > 0 {
                sum += Int(tree[place])
                place -= place & -place
            }
            return sum
        }
    }

    /// The next job whose deadline has passed by then; each is told once.
    mutating func nextPassed(at now: Int64) -> Int? {
        guard passed < deadlines.count, deadlines[passed] <= now else { return nil }
        defer { passed += 1 }
        return Int(jobs[passed])
    }

    private func firstIndex(after moment: Int64) -> Int {
        var (low, high) = (0, deadlines.count)
        while low < high {
            let middle = (low + high) / 2
            if deadlines[middle] <= moment { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
