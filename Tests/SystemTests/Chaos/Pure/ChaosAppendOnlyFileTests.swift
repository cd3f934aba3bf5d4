import Testing

struct ChaosAppendOnlyFileTests {
    private let file =
        "#TS:100\r\n*1\r\n$4\r\nPING\r\n#TS:101\r\n*2\r\n$3\r\nGET\r\n$8\r\n#TS:999\n\r\n#TS:103\r\n*1\r\n$4\r\nPING\r\n"

    @Test func `marks stand between commands, what looks like one inside is none`() {
        let read = AppendOnlyFile(Array(file.utf8))
        #expect(read.marks.map(\.second) == [100, 101, 103])
        #expect(read.end == file.utf8.count)
        #expect(read.marks[1].offset == 23)
    }

    @Test func `the cut is the first mark of the last seconds`() {
        let read = AppendOnlyFile(Array(file.utf8))
        #expect(read.cut(secondsBack: 2) == read.marks[1].offset)
        #expect(read.cut(secondsBack: 1) == read.marks[2].offset)
        #expect(read.cut(secondsBack: 60) == 0)
        #expect(AppendOnlyFile([]).cut(secondsBack: 2) == nil)
    }

    @Test func `a file that ends in the middle of a command is read up to there`() {
        let read = AppendOnlyFile(Array(file.utf8.dropLast(3)))
        #expect(read.marks.count == 3)
        #expect(read.end < file.utf8.count - 3)
    }
}
