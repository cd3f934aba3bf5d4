import Hummingbird
import JobFlow
import Logging

/// `GET /v1/jobs`: a page of the jobs in one state.
struct ListJobs: Sendable {
    let control: any JobControl
    let queues: [IntakeQueue]
    let logger: Logger

    func respond(to request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let page = try ListParameters.page(request.query, queues: queues)
        let list: JobList
        do throws(StoreError) { list = try await control.list(page) } catch {
            logger.fault("jobs could not be listed", error, request.id)
            throw IntakeProblem(error)
        }
        return .json(Self.bytes(list, request.caller))
    }

    /// A page of everybody's jobs, of which a caller is shown its own: there may be fewer than asked for, and more behind.
    private static func bytes(_ list: JobList, _ caller: Caller) -> [UInt8] {
        JSONWriter.object(capacity: list.jobs.count * 512 + 128) { json in
            json.member("object", "list")
            json.member(
                "data",
                array: { data in
                    for job in list.jobs where caller.sees(job.spec.caller) { data.element(raw: JobObject.bytes(job)) }
                })
            json.member("has_more", list.hasMore)
            json.member("first_id", list.jobs.first?.spec.id.description)
            // Where to go on, be it shown or not.
            json.member("last_id", (list.hasMore ? list.last : list.jobs.last?.spec.id)?.description)
        }
    }
}
