import PoolSimulator
import Testing

@Suite struct AnsweredJobsTests {
    @Test func `a job that is answered three times is one duplicate`() {
        var jobs = AnsweredJobs()
        for job: UInt64 in [1, 2, 1, 1, 3] { jobs.answer(job) }
        #expect(jobs.answered == 3)
        #expect(jobs.duplicates == 1)
    }

    @Test func `beyond its capacity it forgets the oldest job`() {
        var jobs = AnsweredJobs(capacity: 3)
        for job: UInt64 in [1, 2, 3, 4] { jobs.answer(job) }
        jobs.answer(1)
        #expect(jobs.duplicates == 0)
        jobs.answer(3)
        jobs.answer(4)
        #expect(jobs.duplicates == 2)
    }

    @Test func `a reset forgets everything`() {
        var jobs = AnsweredJobs(capacity: 2)
        jobs.answer(1)
        jobs.answer(1)
        jobs.reset()
        jobs.answer(1)
        #expect(jobs.answered == 1)
        #expect(jobs.duplicates == 0)
    }
}
