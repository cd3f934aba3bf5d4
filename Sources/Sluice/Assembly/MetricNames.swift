/// The metrics of the contract, with what they mean.
enum MetricNames {
    static let help = [
        "sluice_build_info": "1, with the version that runs and in which role.",
        "sluice_jobs_submitted_total": "Jobs accepted by this intake.",
        "sluice_jobs_finished_total": "Jobs that reached a terminal state.",
        "sluice_jobs": "Jobs that are there now.",
        "sluice_queue_oldest_age_seconds": "Age of the job at the head of the queue.",
        "sluice_queue_paused": "1 while the queue is paused by hand, else 0.",
        "sluice_queue_wait_seconds": "From acceptance to the first claim.",
        "sluice_job_duration_seconds": "From acceptance to the terminal state.",
        "sluice_attempts_total": "Upstream calls by how they ended.",
        "sluice_attempt_duration_seconds": "Duration of upstream calls.",
        "sluice_retries_total": "Attempts that were followed by another one.",
        "sluice_retry_delay_seconds": "Waits applied between attempts.",
        "sluice_breaker_state": "0 closed, 1 half-open, 2 open.",
        "sluice_endpoint_inflight": "Calls of this worker that are under way on an endpoint.",
        "sluice_endpoint_gate_seconds": "Until a gate of an endpoint opens; 0 while it is open.",
        "sluice_endpoint_drained": "1 while the endpoint is taken out of the pool by hand, else 0.",
        "sluice_endpoint_drained_timestamp_seconds": "When it was taken out, in Unix time; 0 while it is in the pool.",
        "sluice_endpoint_utilization_ratio":
            "Weighted tokens that this worker lately admitted, as a share of the endpoint's capacity; summed up, the fleet's.",
        "sluice_tokens_total": "Tokens as the upstream counted them.",
        "sluice_token_threshold_ratio":
            "Tokens used of those that a threshold of worker.json allows; 1 and more: passed.",
        "sluice_cache_requests_total": "Jobs that ended, by where their answer came from.",
        "sluice_spool_jobs": "Accepted jobs that wait in the journal until the queue can be reached.",
        "sluice_spool_max_jobs": "How many may wait there: intake.spool_max_jobs.",
        "sluice_recovered_jobs_total": "Jobs that the queue had lost or had not been told of, by what was missing.",
        "sluice_claim_age_seconds": "Since this worker last asked the queue for jobs with success.",
        "sluice_webhooks": "Ends of jobs that are there now: to be told (pending), and given up (dead).",
        "sluice_webhook_deliveries_total": "Webhooks that were sent, by what became of them.",
        "sluice_leases_reclaimed_total": "Leases of dead workers that were taken back.",
        "sluice_settlements_lost_total": "Settlements that came too late or could not be written.",
        "sluice_trace_spans_total": "Spans by whether the collector took them.",
        "sluice_audit_rows_total": "Rows written to the audit log.",
        "sluice_audit_failures_total": "Jobs whose rows could not be written to the audit log.",
        "sluice_intake_requests_total": "HTTP requests by route and status.",
        "sluice_intake_duration_seconds": "Duration of HTTP requests.",
    ]

    /// LLM calls take from milliseconds to minutes; HTTP handling should not.
    static let buckets = [
        "sluice_intake_duration_seconds": [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]
    ]
}
