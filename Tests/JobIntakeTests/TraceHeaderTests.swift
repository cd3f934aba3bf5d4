import HTTPTypes
import HummingbirdTesting
import JobFlow
import TestKit
import Testing

@testable import JobIntake

@Suite struct TraceHeaderTests {
    private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test func `a job belongs to the trace of its client's request, whatever route it came by`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            var headers: HTTPFields = [.contentType: "application/json", .traceContext: Self.parent]
            headers[.traceState] = "a=1"
            headers.append(HTTPField(name: .traceState, value: "b=2"))
            #expect(try await client.submit(#"{"prompt":"a","model":"gpt-4o"}"#, headers: headers).status == .accepted)
            headers[.contentType] = "application/x-ndjson"
            let lines = #"{"prompt":"b","model":"gpt-4o"}"# + "\n" + #"{"prompt":"c","model":"gpt-4o"}"#
            #expect(try await client.post("/v1/jobs/batch", headers: headers, body: lines).status == .ok)
            let traces = try await store.claimAll().map(\.spec.trace)
            #expect(traces.count == 3)
            #expect(traces.allSatisfy { $0 == TraceContext(traceparent: Self.parent, state: "a=1, b=2") && $0 != nil })
        }
    }

    @Test func `a request without a trace, or with nonsense for one, is accepted as before`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            var twice: HTTPFields = [.contentType: "application/json", .traceContext: Self.parent]
            twice.append(HTTPField(name: .traceContext, value: Self.parent))
            let nonsense: HTTPFields = [.contentType: "application/json", .traceContext: "00-xyz", .traceState: "a=1"]
            let all: [HTTPFields] = [[.contentType: "application/json"], nonsense, twice]
            for (number, headers) in all.enumerated() {
                let answer = try await client.submit(
                    #"{"prompt":"\#(number)","model":"gpt-4o"}"#, headers: headers)
                #expect(answer.status == .accepted)
            }
            #expect(try await store.claimAll().map(\.spec.trace) == [nil, nil, nil])
        }
    }
}
