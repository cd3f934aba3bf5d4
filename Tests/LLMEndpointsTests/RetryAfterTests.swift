import Curl
import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT.
    private let now = Timestamp(milliseconds: 784_111_777_000)

    @Test(
        arguments: [
            ([("retry-after-ms", "1500")], .milliseconds(1500)), ([("Retry-After-Ms", "0.4")], .milliseconds(1)),
            ([("retry-after", "7")], .seconds(7)), ([("retry-after", "1.5")], .milliseconds(1500)),
            ([("retry-after", "0")], .zero),
            ([("retry-after", "Sun, 06 Nov 1994 08:49:47 GMT")], .seconds(10)),
            ([("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT")], .zero),
            ([("x-ratelimit-reset-tokens", "12")], .seconds(12)), ([("x-ratelimit-reset-tokens", "12s")], .seconds(12)),
            ([("x-rate-limit-reset-tokens", "3")], .seconds(3)), ([("x-ratelimit-reset-requests", "4")], .seconds(4)),
            ([("retry-after", "9"), ("retry-after-ms", "100")], .milliseconds(100)),
            (
                [("x-ratelimit-reset-requests", "1"), ("x-ratelimit-reset-tokens", "2"), ("retry-after", "3")],
                .seconds(3)
            ),
            ([("x-ratelimit-reset-requests", "1"), ("x-ratelimit-reset-tokens", "2")], .seconds(2)),
            ([("retry-after-ms", "soon"), ("retry-after", "3")], .seconds(3)),
            ([("retry-after-ms", "-1"), ("retry-after", "nonsense"), ("x-ratelimit-reset-tokens", "5")], .seconds(5)),
            ([("retry-after", "86400")], .seconds(120)), ([("retry-after-ms", "86400000")], .seconds(120)),
            ([("retry-after", "Mon, 07 Nov 1994 08:49:37 GMT")], .seconds(120)),
            ([], nil), ([("x-other", "5")], nil),
        ] as [([(String, String)], Duration?)])
    func `the wait is read from the first header that tells it`(fields: [(String, String)], wait: Duration?) {
        #expect(RetryAfter.wait(CurlHeaders(fields.map { (name: $0.0, value: $0.1) }), now: now) == wait)
    }

    @Test(arguments: [
        "", " ", "x", "-1", "-0.001", "nan", "inf", "-inf", "1e300", "10 s", "s", "ss", "1,5", "6m0s", "\u{661}",
    ])
    func `nonsense is ignored`(text: String) {
        for name in ["retry-after-ms", "retry-after", "x-ratelimit-reset-tokens"] {
            #expect(RetryAfter.wait(CurlHeaders([(name: name, value: text)]), now: now) == nil, "\(name)")
        }
    }

    @Test(
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Tue, 29 Feb 2000 23:59:59 GMT", 951_868_799), ("Wed, 01 Mar 2000 00:00:00 GMT", 951_868_800),
            ("Thu, 29 Feb 2024 12:00:00 GMT", 1_709_208_000), ("Mon, 28 Feb 2101 00:00:00 GMT", 4_138_992_000),
            ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800), ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799),
        ] as [(String, Int64)])
    func `an HTTP date is a moment`(text: String, seconds: Int64) {
        #expect(HTTPDate(text)?.moment == Timestamp(milliseconds: seconds * 1000))
    }

    @Test(arguments: [
        nil, "", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1969 08:49:37 GMT", "Sun, 06 Nov 10000 08:49:37 GMT",
        "Sun, 06 Nov 9223372036854775807 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:00 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37:01 GMT",
        "Sun, 06 Nov 1994 08:x:49:37 GMT", "Sun, 06 Nov 1994 -1:49:37 GMT", "Sun, x Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 9223372036854775807:49:37 GMT",
    ])
    func `everything else is no HTTP date`(text: String?) { #expect(HTTPDate(text)?.moment == nil) }
}
