import Curl
import JobFlow
import Testing

@testable import LLMEndpoints

struct MissingFailure: Error {}

struct FaultRow: Sendable, CustomTestStringConvertible {
    var kind: CurlError.Kind
    var wasSent = false
    var reason: String
    var remedy = CallFailure.Remedy.retry
    var isCounted = true
    var signal = EndpointSignal.unreachable
    var billed = Attempt.Billed.no

    var testDescription: String { "\(kind.rawValue)\(wasSent ? ", sent" : "")" }
}

@Suite struct ClassifyFaultTests {
    private static let rows = [
        FaultRow(kind: .unresolvedHost, reason: "connection_failed"),
        FaultRow(kind: .connectionFailed, reason: "connection_failed"),
        FaultRow(kind: .addressRefused, reason: "connection_failed"),
        FaultRow(kind: .connectionFailed, wasSent: true, reason: "connection_lost", billed: .maybe),
        FaultRow(kind: .tls, reason: "connection_failed"),
        FaultRow(kind: .tls, wasSent: true, reason: "connection_lost", billed: .maybe),
        FaultRow(kind: .timedOut, reason: "connect_timeout"),
        FaultRow(kind: .timedOut, wasSent: true, reason: "timeout", signal: .unhealthy(), billed: .maybe),
        FaultRow(kind: .connectionReset, reason: "connection_failed"),
        FaultRow(kind: .connectionReset, wasSent: true, reason: "connection_lost", billed: .maybe),
        FaultRow(kind: .http2, reason: "connection_failed"),
        FaultRow(kind: .http2, wasSent: true, reason: "connection_lost", billed: .maybe),
        FaultRow(kind: .other, reason: "connection_failed"),
        FaultRow(kind: .other, wasSent: true, reason: "connection_lost", billed: .maybe),
        FaultRow(
            kind: .malformedResponse, wasSent: true, reason: "invalid_answer", signal: .unhealthy(), billed: .maybe),
        FaultRow(
            kind: .tooLarge, wasSent: true, reason: "answer_too_large", remedy: .giveUp, signal: .healthy, billed: .yes),
        FaultRow(kind: .invalidRequest, reason: "invalid_endpoint", signal: .misconfigured("invalid_endpoint")),
        FaultRow(kind: .cancelled, reason: "cancelled", isCounted: false, signal: .silent),
        FaultRow(
            kind: .cancelled, wasSent: true, reason: "cancelled", isCounted: false, signal: .silent, billed: .maybe),
        FaultRow(kind: .closed, reason: "cancelled", isCounted: false, signal: .silent),
        FaultRow(kind: .closed, wasSent: true, reason: "cancelled", isCounted: false, signal: .silent, billed: .maybe),
    ]

    @Test(arguments: rows) func `every fault has its meaning`(row: FaultRow) throws {
        let classified = ClassifyFault.classify(
            CurlError(kind: row.kind, code: 7, message: "SECRET.host", requestWasSent: row.wasSent))
        guard case .failed(let failure) = classified.outcome else { throw MissingFailure() }
        #expect(failure.reason == row.reason && failure.remedy == row.remedy && failure.isCounted == row.isCounted)
        #expect(failure.retryAfter == nil && failure.answer == nil && failure.error.code == row.reason)
        #expect(failure.isCancelled == (row.reason == "cancelled"))
        #expect(classified.signal == row.signal && classified.billed == row.billed && classified.usage == nil)
        #expect(row.kind == .invalidRequest || !failure.error.message.contains("SECRET"))
    }

    @Test(
        arguments: [
            // The job left as much time as the endpoint has, or less; or less than a connection may take.
            (120, false, false, .unreachable), (120, true, false, .unhealthy()), (60, true, false, .silent),
            (60, false, false, .unreachable), (5, false, false, .silent), (60, true, true, .unhealthy()),
            (5, true, true, .silent),
        ] as [(Int, Bool, Bool, EndpointSignal)])
    func `a job that ran out of time says nothing of the endpoint, unless it was not reached or was being probed`(
        seconds: Int, wasSent: Bool, isProbe: Bool, signal: EndpointSignal
    ) {
        let classified = ClassifyFault.classify(
            CurlError(kind: .timedOut, message: "", requestWasSent: wasSent), hadTime: .seconds(seconds),
            of: .seconds(120), connectTimeout: .seconds(5), isProbe: isProbe)
        #expect(classified.signal == signal)
    }

    @Test func `the table has every fault`() {
        #expect(Set(Self.rows.map(\.kind)) == Set(CurlError.Kind.allCases))
    }
}
