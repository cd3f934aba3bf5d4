import Foundation
import JobFlow
import Testing

@testable import FileSubmission

@Suite struct ResultFileTests {
    @Test func `results are written once, in the order that they come`() throws {
        try withPath { path in
            var file = try ResultFile(try KeptFile(path), jobs: lines(1...3), isNew: true, waiting: nil)
            #expect(try file.add([result(2), result(2)]).count == 1)
            #expect(try file.add([result(1), result(2)]).map(\.line) == [1])
            #expect(written(path) == [2, 1])
        }
    }

    @Test func `results of later lines wait for their turn`() throws {
        try withPath { path in
            var file = try open(path, 1...4)
            _ = try file.add([result(4), result(2)])
            #expect(written(path) == [])
            #expect(file.count == 2)
            _ = try file.add([result(1)])
            #expect(written(path) == [1, 2])
            _ = try file.add([result(3)])
            #expect(written(path) == [1, 2, 3, 4])
            try file.finish()
            #expect(!FileManager.default.fileExists(atPath: path + ".waiting"))
        }
    }

    @Test(arguments: [true, false]) func `a run that was killed in the middle of a line is gone on with`(ordered: Bool)
        throws
    {
        try withPath { path in
            var file =
                ordered
                ? try open(path, 1...5)
                : try ResultFile(try KeptFile(path), jobs: lines(1...5), isNew: true, waiting: nil)
            _ = try file.add([result(1), result(4), result(3, "failed")])
            for name in ordered ? [path, path + ".waiting"] : [path] {
                try KeptFile(name).write(Array(result(2).text.prefix(20)))
            }
            var again =
                ordered
                ? try open(path, 1...5)
                : try ResultFile(try KeptFile(path), jobs: lines(1...5), isNew: false, waiting: nil)
            #expect((again.count, again.completed) == (3, 2))
            let new = try again.add([1, 2, 3, 4, 5].map { result($0) })
            #expect(new.map(\.line) == [2, 5])
            #expect(written(path).sorted() == [1, 2, 3, 4, 5])
            if ordered { #expect(written(path) == [1, 2, 3, 4, 5]) }
        }
    }

    private func open(_ path: String, _ range: ClosedRange<Int>) throws -> ResultFile {
        try ResultFile(try KeptFile(path), jobs: lines(range), isNew: false, waiting: try KeptFile(path + ".waiting"))
    }

    private func lines(_ range: ClosedRange<Int>) -> LineSet {
        var set = LineSet()
        for line in range { set.insert(line) }
        return set
    }

    private func written(_ path: String) -> [Int] {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { ResultLine(Array($0.utf8)[...])?.line }
    }

    private func result(_ line: Int, _ status: String = "completed") -> ResultLine {
        let job =
            #"{"id":"job_0_x","status":"\#(status)","custom_id":"c","result":{"status_code":200,"body":{}},"error":null}"#
        guard let json = try? JSONObject(parsing: Array(job.utf8)) else { fatalError("no JSON") }
        return ResultLine(line: line, job: json)
    }
}

func withPath(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("results-\(UUID().uuidString)").path
    defer { for name in [path, path + ".waiting"] { try? FileManager.default.removeItem(atPath: name) } }
    try body(path)
}
