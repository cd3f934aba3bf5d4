import Glibc
import JobFlow

/// Makes the jobs that the intake would have made of `{"prompt": …, "model": …}`, with the defaults of worker.json.
struct JobMaker: Sendable {
    var queue: String
    var model: String
    var bytes: Int
    var partitions: Int

    func job(_ number: Int) -> JobSpec {
        let time = Self.now()
        var random = SystemRandomNumberGenerator()
        return JobSpec(
            id: JobID(partition: number % partitions, createdAt: time, random: &random), queue: queue,
            path: .chatCompletions, model: model, body: body(number), createdAt: time, maxAttempts: 5,
            correlationID: "req_" + Self.hexadecimal(random.next()) + Self.hexadecimal(random.next()))
    }

    private func body(_ number: Int) -> [UInt8] {
        JSONWriter.object(capacity: bytes + 128) { json in
            json.member("model", model)
            json.member(
                "messages",
                array: { messages in
                    messages.element(object: { message in
                        message.member("role", "user")
                        message.member("content", Prompt.text(number, bytes: bytes))
                    })
                })
        }
    }

    private static func now() -> Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
