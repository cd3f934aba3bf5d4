package import JobFlow

/// What a body of `POST /v1/jobs` would become, for somebody who only asks: nothing is accepted.
package struct CheckedSubmission: Sendable {
    package var path: UpstreamPath
    package var queue: String
    package var model: String?
    /// The upstream request.
    package var body: [UInt8]
    package var deadline: Timestamp?
    package var maxAttempts: Int

    /// Why it would be refused.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    package init(parsing bytes: [UInt8], _ configuration: IntakeConfiguration, now: Timestamp) throws(Fault) {
        do throws(IntakeProblem) {
            let request = try JobRequest(parsing: bytes[...], configuration, now: now)
            (path, queue, model, body) = (request.path, request.queue.name, request.model, request.body)
            (deadline, maxAttempts) = (request.deadline, request.maxAttempts)
        } catch {
            throw Fault(description: error.message)
        }
    }
}
