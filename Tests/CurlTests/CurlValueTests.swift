import Testing

@testable import Curl

/// The pure parts.
@Suite(.timeLimit(.minutes(5))) struct CurlValueTests {
    @Test func `only the first of a burst wakes the loop`() {
        var inbox = CurlInbox()
        #expect(inbox.post(.cancel(1)) == .wake)
        #expect(inbox.post(.cancel(2)) == .queued)
        #expect(inbox.take().count == 2)
        #expect(inbox.take().isEmpty)
        #expect(inbox.post(.cancel(3)) == .wake)
    }

    @Test func `a closed inbox keeps what it has and takes no more`() {
        var inbox = CurlInbox()
        #expect(inbox.post(.cancel(1)) == .wake)
        #expect(inbox.close() == .queued)
        #expect(inbox.close() == .closed)
        #expect(inbox.post(.cancel(2)) == .closed)
        #expect(inbox.take().count == 1)
    }

    @Test(arguments: [
        (Duration.nanoseconds(1), 1), (.milliseconds(1), 1), (.microseconds(1001), 2), (.seconds(120), 120_000),
        (.zero, 1), (.seconds(-5), 1), (.seconds(Int64.max / 2), Int(Int32.max)),
    ])
    func `a duration is milliseconds rounded up within libcurl's range`(duration: Duration, milliseconds: Int) {
        #expect(duration.curlMilliseconds == milliseconds)
    }

    @Test func `header lines become fields and what is none is left out`() {
        let text = "A: 1\r\nb:2\r\nNo colon\r\n folded\r\nEmpty:\r\nSpaced:  x y \t\r\nUrl: http://h:1\r\nA: second\r\n"
        let headers = CurlHeaders(lines: Array(text.utf8))
        #expect(headers.fields.map(\.name) == ["A", "b", "Empty", "Spaced", "Url", "A"])
        #expect(headers.fields.map(\.value) == ["1", "2", "", "x y", "http://h:1", "second"])
        #expect(headers["a"] == "1")
        #expect(headers["B"] == "2")
        #expect(headers["spaced"] == "x y")
    }
}
