import JobFlow
import TestKit
import Testing

@Suite struct JobIDTests {
    @Test(arguments: [0, 1, 42, 99_999])
    func `an id reads back from its text`(partition: Int) throws {
        var random = SeededGenerator()
        for _ in 0..<100 {
            let id = JobID(partition: partition, createdAt: Samples.start, random: &random)
            let text = id.description
            #expect(text.hasPrefix("job_\(partition)_"))
            #expect(JobID(text) == id)
            #expect(JobID(text[...]) == id)
        }
    }

    @Test func `the smallest and the largest id read back`() {
        #expect(JobID("job_0_00000000000000000000000000")?.ulid == "00000000000000000000000000")
        #expect(JobID("job_0_7zzzzzzzzzzzzzzzzzzzzzzzzz") != nil)
    }

    @Test(arguments: [
        "", "job", "job_", "job_0", "job_0_", "_0_01hf7yat00d3v5k0k5q0k5q0k5", "jobs_0_01hf7yat00d3v5k0k5q0k5q0k5",
        "JOB_0_01hf7yat00d3v5k0k5q0k5q0k5", "job_0_01hf7yat00d3v5k0k5q0k5q0k", "job_0_01hf7yat00d3v5k0k5q0k5q0k55",
        "job_0_01HF7YAT00D3V5K0K5Q0K5Q0K5", "job_0_01hf7yat00d3v5k0k5q0k5q0ki", "job_0_01hf7yat00d3v5k0k5q0k5q0kl",
        "job_0_01hf7yat00d3v5k0k5q0k5q0ko", "job_0_01hf7yat00d3v5k0k5q0k5q0ku", "job_0_01hf7yat00d3v5k0k5q0k5q0k\u{e9}",
        "job_0_01hf7yat00d3v5k0k5q0k5q0k5_", "job_0_x_01hf7yat00d3v5k0k5q0k5q0k5", "job_00_01hf7yat00d3v5k0k5q0k5q0k5",
        "job_01_01hf7yat00d3v5k0k5q0k5q0k5", "job_-1_01hf7yat00d3v5k0k5q0k5q0k5", "job_+1_01hf7yat00d3v5k0k5q0k5q0k5",
        "job_-0_01hf7yat00d3v5k0k5q0k5q0k5", "job__01hf7yat00d3v5k0k5q0k5q0k5", "job_x_01hf7yat00d3v5k0k5q0k5q0k5",
        "job_100000_01hf7yat00d3v5k0k5q0k5q0k5", "job_99999999999999999999_01hf7yat00d3v5k0k5q0k5q0k5",
        "job_\u{0661}_01hf7yat00d3v5k0k5q0k5q0k5", "job_0_81hf7yat00d3v5k0k5q0k5q0k5",
        "job_0_zzzzzzzzzzzzzzzzzzzzzzzzzz", " job_0_01hf7yat00d3v5k0k5q0k5q0k5", "job_0_01hf7yat00d3v5k0k5q0k5q0k5\n",
        "job_0_01hf7yat00d3v5k0k5q0k5q0k5\0",
    ])
    func `what Sluice did not make is no id`(text: String) {
        #expect(JobID(text) == nil)
    }

    @Test func `ids sort by the time they were made`() {
        var random = SeededGenerator()
        let times: [Int64] = [0, 1, 999, 1000, 1_700_000_000_000, 1_700_000_000_001, 1 << 47, (1 << 48) - 1]
        let ids = times.map { JobID(partition: 0, createdAt: Timestamp(milliseconds: $0), random: &random) }
        #expect(ids.map(\.description).sorted() == ids.map(\.description))
    }

    @Test func `the first ten characters are the milliseconds`() {
        var random = SeededGenerator()
        let id = JobID(partition: 0, createdAt: Timestamp(milliseconds: 1_469_918_176_385), random: &random)
        #expect(id.ulid.prefix(10) == crockford(1_469_918_176_385))
    }

    @Test func `ids of one moment differ`() {
        var random = SeededGenerator()
        let ids = (0..<10_000).map { _ in JobID(partition: 0, createdAt: Samples.start, random: &random) }
        #expect(Set(ids).count == ids.count)
    }

    @Test(arguments: [-1, .min, .max] as [Int64])
    func `a moment that does not fit still makes a readable id`(milliseconds: Int64) {
        var random = SeededGenerator()
        let id = JobID(partition: 0, createdAt: Timestamp(milliseconds: milliseconds), random: &random)
        #expect(JobID(id.description) == id)
    }

    /// The first ten characters, worked out another way.
    private func crockford(_ milliseconds: Int) -> String {
        var rest = milliseconds
        var text = ""
        for _ in 0..<10 {
            let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
            text = String(alphabet[rest % 32]) + text
            rest /= 32
        }
        return text
    }
}
