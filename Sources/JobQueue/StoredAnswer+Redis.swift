import JobFlow
import Redis

extension StoredAnswer {
    /// As `settle.lua` wrote it: `<when> <status> <length of endpoint> <length of usage> <endpoint><usage><body>`. Nil for
    /// anything else: the job is then called for.
    init?(text: RedisReply, how: RedisReply, age: RedisReply) {
        guard
            let parts = text.bytes?.split(separator: UInt8(ascii: " "), maxSplits: 4, omittingEmptySubsequences: false),
            parts.count == 5, let servedBy = how.string.flatMap(JobResult.ServedBy.init),
            let age = age.int
        else { return nil }
        let numbers = parts[1...3].compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == 3, numbers[1] >= 0, numbers[2] >= 0, numbers[1] + numbers[2] <= parts[4].count else {
            return nil
        }
        let rest = parts[4].dropFirst(numbers[1])
        self.init(
            statusCode: numbers[0], body: Array(rest.dropFirst(numbers[2])),
            endpoint: String(decoding: parts[4].prefix(numbers[1]), as: UTF8.self),
            usage: (try? JSONObject(parsing: rest.prefix(numbers[2]))).flatMap(TokenUsage.init),
            age: .milliseconds(age), servedBy: servedBy)
    }
}
