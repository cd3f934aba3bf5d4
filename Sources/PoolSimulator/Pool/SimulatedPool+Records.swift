extension SimulatedPool {
    /// A call as `GET /_sim/calls` tells it.
    func describe(_ record: CallRecord) -> AdminValue {
        .object([
            "job": .string(record.job), "endpoint": .string(endpoints[record.endpoint].name),
            "served_by": .string(endpoints[record.servedBy].name),
            "status": record.outcome?.status.map { .number($0) } ?? .null,
            "outcome": .string(record.outcome?.name ?? "open"),
            "attempt": record.attempt.map { .string($0) } ?? .null,
            "correlation_id": record.correlationID.map { .string($0) } ?? .null,
            "apim_request_id": .string(CallIdentifiers(seed: seed, call: record.number).apimRequestID),
            "at": .number(clock.unixTime(record.at)),
        ])
    }
}
