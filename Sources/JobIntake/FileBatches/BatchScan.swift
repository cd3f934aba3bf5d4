import JobFlow

/// What is found when the file of a batch is read through. A value: lines come in one after the other.
struct BatchScan: Sendable, Equatable {
    static let maximumLines = 100_000
    static let maximumFaults = 100

    /// The custom id of each line that holds a job.
    private(set) var customIDs: [Int: String] = [:]
    private(set) var faults: [FileBatch.Fault] = []
    private var seen: Set<String> = []
    private var tasks = 0

    mutating func add(_ line: Int, _ parsed: Result<JobRequest, IntakeProblem>) {
        tasks += 1
        switch parsed {
        case .failure(let problem): report(Self.fault(problem, line))
        case .success(let job):
            let id = job.customID ?? ""
            guard seen.insert(id).inserted else {
                return report(
                    FileBatch.Fault(
                        code: "duplicate_custom_id", message: "The custom_id \(id.clipped) is given more than once.",
                        param: "custom_id", line: line))
            }
            customIDs[line] = id
        }
    }

    mutating func end() {
        if tasks == 0 { report(FileBatch.Fault(code: "empty_file", message: "The file has no lines.")) }
        if tasks > Self.maximumLines {
            // However many lines have faults of their own.
            faults = faults.dropLast(max(0, faults.count + 1 - Self.maximumFaults))
            faults.insert(
                FileBatch.Fault(
                    code: "too_many_tasks", message: "The file has more than \(Self.maximumLines) lines."), at: 0)
        }
        seen = []
    }

    private mutating func report(_ fault: FileBatch.Fault) {
        if faults.count < Self.maximumFaults { faults.append(fault) }
    }

    private static func fault(_ problem: IntakeProblem, _ line: Int) -> FileBatch.Fault {
        let codes = ["invalid_json": "invalid_json_line"]
        let kept = ["model_not_found", "url_mismatch", "line_too_long"]
        let code = codes[problem.code] ?? (kept.contains(problem.code) ? problem.code : "invalid_request")
        return FileBatch.Fault(code: code, message: problem.message, param: problem.param, line: line)
    }
}
