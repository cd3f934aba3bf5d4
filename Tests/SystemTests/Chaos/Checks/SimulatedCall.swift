import JobFlow

/// One call as the simulator saw it: a line of `GET /_sim/calls`.
struct SimulatedCall: Sendable, Equatable {
    var job: String
    var endpoint: String
    /// Of the answer that was sent; nil when none was.
    var status: Int?
    /// `answered`: a whole answer was sent, the call is paid for.
    var outcome: String
    /// The number of the ledger row that the caller meant to write.
    var attempt: Int
    var correlationID: String
    /// What the caller was told with the answer.
    var requestID: String
    var at: Timestamp

    var isPaid: Bool { outcome == "answered" }

    init?(_ json: JSONObject) {
        guard let job = json["job"]?.string, let endpoint = json["endpoint"]?.string,
            let outcome = json["outcome"]?.string, let attempt = json["attempt"]?.string.flatMap(Int.init),
            let requestID = json["apim_request_id"]?.string, let at = json["at"]?.double
        else { return nil }
        self.init(
            job: job, endpoint: endpoint, status: json["status"]?.int, outcome: outcome, attempt: attempt,
            correlationID: json["correlation_id"]?.string ?? "", requestID: requestID, at: Timestamp(seconds: at))
    }

    init(
        job: String, endpoint: String, status: Int?, outcome: String, attempt: Int, correlationID: String,
        requestID: String, at: Timestamp
    ) {
        self.job = job
        self.endpoint = endpoint
        self.status = status
        self.outcome = outcome
        self.attempt = attempt
        self.correlationID = correlationID
        self.requestID = requestID
        self.at = at
    }
}
