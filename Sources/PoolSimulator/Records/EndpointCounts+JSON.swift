extension EndpointCounts {
    /// What `GET /_sim/stats` tells of one endpoint.
    func json(_ load: EndpointLoad) -> AdminValue {
        .object([
            "calls": .number(calls),
            "by_status": .object(Dictionary(uniqueKeysWithValues: byStatus.map { ("\($0)", .number($1)) })),
            "by_deployment": .object(byDeployment.mapValues { .number($0) }),
            "inflight": .number(inflight), "peak_inflight": .number(peakInflight),
            "tokens_admitted": .number(tokensAdmitted), "tokens_used": .number(tokensUsed),
            "tokens_admitted_weighted": .number(tokensAdmittedWeighted),
            "tokens_used_weighted": .number(tokensUsedWeighted),
            "resets": .number(resets), "hangs": .number(hangs), "client_aborts": .number(clientAborts),
            "throttled": .number(throttled), "looks": .number(looks), "spilled": .number(spilled),
            "level": .number(load.level), "capacity_tokens": .number(load.capacityTokens.rounded()),
            "idle_seconds": load.idleSeconds.map { .number($0) } ?? .null,
        ])
    }
}
