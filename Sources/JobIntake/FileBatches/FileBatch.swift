import JobFlow

/// A batch that came in a file, as its document in the folder of files has it. Only who holds the batch's lock writes it.
struct FileBatch: Sendable, Equatable {
    enum Status: String, Sendable {
        case validating, failed, finalizing, completed, expired, cancelling, cancelled
        case inProgress = "in_progress"

        var isTerminal: Bool {
            switch self {
            case .failed, .completed, .expired, .cancelled: true
            case .validating, .inProgress, .finalizing, .cancelling: false
            }
        }
    }

    /// What is wrong with a line, or with the file.
    struct Fault: Sendable, Equatable {
        var code: String
        var message: String
        var param: String?
        var line: Int?
    }

    struct Counts: Sendable, Equatable {
        var total = 0
        var completed = 0
        var failed = 0
    }

    var id: BatchID
    var caller: String
    var endpoint: UpstreamPath
    var inputFile: String
    /// As the client wrote it.
    var window: String
    var createdAt: Timestamp
    var expiresAt: Timestamp
    var metadata: [UInt8]?
    /// How long output files are kept; nil: until they are deleted.
    var outputSeconds: Int?
    /// Where its client was in a trace; nil if it named none.
    var trace: TraceContext?
    var status = Status.validating
    /// When it came to each status.
    var moments: [String: Int64] = [:]
    var faults: [Fault] = []
    /// At the end; before, the queue counts.
    var counts = Counts()
    /// Every line is a job.
    var isSubmitted = false
    var outputFile: String?
    var errorFile: String?

    init(
        id: BatchID, caller: String, endpoint: UpstreamPath, inputFile: String, window: String, createdAt: Timestamp,
        expiresAt: Timestamp, metadata: [UInt8]?, outputSeconds: Int?
    ) {
        self.id = id
        self.caller = caller
        self.endpoint = endpoint
        self.inputFile = inputFile
        self.window = window
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.metadata = metadata
        self.outputSeconds = outputSeconds
    }

    mutating func enter(_ status: Status, at now: Timestamp) {
        self.status = status
        moments[status.rawValue] = moments[status.rawValue] ?? now.milliseconds
    }

    /// Nil while it has not.
    var endedAt: Timestamp? {
        status.isTerminal ? moments[status.rawValue].map(Timestamp.init(milliseconds:)) : nil
    }

    func moment(_ status: Status) -> Int64? { moments[status.rawValue].map { $0 / 1000 } }
}
