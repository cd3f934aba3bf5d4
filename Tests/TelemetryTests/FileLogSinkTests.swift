import Foundation
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(5)))
struct FileLogSinkTests {
    @Test func `lines of many threads stay whole`() async throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("log-\(UUID().uuidString)")
        #expect(FileManager.default.createFile(atPath: url.path, contents: nil))
        defer { try? FileManager.default.removeItem(at: url) }
        let file = try FileHandle(forWritingTo: url)
        let sink = FileLogSink(descriptor: file.fileDescriptor)
        #expect(!sink.isTerminal)
        await withDiscardingTaskGroup { group in
            for task in 0..<8 {
                group.addTask { for _ in 0..<100 { sink.write(line(task, length: 5_000)) } }
            }
        }
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 800)
        #expect(lines.allSatisfy { line in line.utf8.count == 5_000 && Set(line.utf8).count == 1 })
        #expect(sink.droppedLines == 0)
    }

    @Test func `a reader that has stalled costs lines, not the program`() throws {
        let pipe = Pipe()
        let sink = FileLogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor, patience: .milliseconds(1))
        // More than a pipe holds, nobody reads.
        for _ in 0..<100 { sink.write(line(1, length: 10_000)) }
        #expect(sink.droppedLines > 0)
        let stuck = pipe.fileHandleForReading.availableData
        #expect(!stuck.isEmpty)
        sink.write(line(2, length: 10))
        try pipe.fileHandleForWriting.close()
    }

    @Test func `after half a line the next one starts on its own`() throws {
        let pipe = Pipe()
        let text = try {
            let sink = FileLogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor, patience: .milliseconds(1))
            try pipe.fileHandleForWriting.close()
            // Larger than the pipe: it has to be cut.
            sink.write(line(1, length: 4_000_000))
            #expect(sink.droppedLines == 1)
            let first = pipe.fileHandleForReading.availableData
            sink.write(line(2, length: 10))
            return first
        }()
        let all = try text + (pipe.fileHandleForReading.readToEnd() ?? Data())
        #expect(String(decoding: all, as: UTF8.self).hasSuffix("b\ncccccccccc\n"))
    }

    @Test func `a reader that has left is no signal and no wait`() throws {
        let pipe = Pipe()
        let sink = FileLogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        try pipe.fileHandleForReading.close()
        sink.write(line(1, length: 10))
        #expect(sink.droppedLines == 1)
    }
}

private func line(_ number: Int, length: Int) -> [UInt8] {
    Array(repeating: UInt8(ascii: "a") + UInt8(number), count: length) + [UInt8(ascii: "\n")]
}
