import JobFlow
import TestKit
import Testing

@testable import JobWebhooks

@Suite struct `What a receiver reads` {
    private let job: (JobRecord) -> [UInt8] = { record in
        Array(#"{"status":"\#(record.state.rawValue)","has_result":\#(record.result != nil)}"#.utf8)
    }

    private func body(_ event: WebhookEvent, _ record: JobRecord?) throws -> JSONObject {
        try JSONObject(parsing: WebhookBody.bytes(event, record, job: job))
    }

    private func record(_ event: WebhookEvent, answer: String = "{}") -> JobRecord {
        JobRecord(
            spec: event.spec, state: event.id.state, finishedAt: event.endedAt,
            result: JobResult(statusCode: 200, body: Array(answer.utf8), endpoint: "one"))
    }

    @Test(arguments: [JobState.completed, .failed, .cancelled, .expired])
    func `the end of a job is told with its time and the job`(state: JobState) throws {
        let event = Events.event(state: state)
        let json = try body(event, record(event))
        #expect(json["type"]?.string == "job.\(state.rawValue)")
        #expect(json["timestamp"]?.string == "2023-11-14T22:13:20.000Z")
        #expect(json["data"]?.object?["status"]?.string == state.rawValue)
        #expect(json["data"]?.object?["has_result"]?.bool == true)
    }

    @Test func `a job whose record is gone, or that runs again, is told as it had ended`() throws {
        let event = Events.event()
        var other = record(event)
        other.state = .queued
        for known in [nil, other] {
            let json = try body(event, known)
            #expect(json["type"]?.string == "job.completed")
            #expect(json["data"]?.object?["status"]?.string == "completed")
            #expect(json["data"]?.object?["has_result"]?.bool == false)
        }
    }

    @Test(arguments: [
        (JobState.completed, #"{"status":"completed"}"#, "completed"),
        (.completed, #"{"status":"incomplete"}"#, "incomplete"), (.completed, #"{"status":"failed"}"#, "failed"),
        (.completed, "{}", "completed"), (.failed, "{}", "failed"), (.expired, "{}", "failed"),
        (.cancelled, "{}", "cancelled"),
    ])
    func `a background response is told as OpenAI does`(state: JobState, answer: String, status: String) throws {
        let event = Events.event(state: state, isResponse: true)
        let json = try body(event, record(event, answer: answer))
        #expect(json["object"]?.string == "event")
        #expect(json["id"]?.string == event.id.description)
        #expect(json["type"]?.string == "response.\(status)")
        #expect(json["created_at"]?.int == 1_700_000_000)
        #expect(json["data"]?.object?["id"]?.string == event.spec.id.responseName)
        #expect(json["data"]?.object?.members.count == 1)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
            (1_735_689_600_000, "2025-01-01T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func `a moment is written as RFC 3339 says`(milliseconds: Int64, text: String) {
        #expect(RFC3339.text(Timestamp(milliseconds: milliseconds)) == text)
    }
}
