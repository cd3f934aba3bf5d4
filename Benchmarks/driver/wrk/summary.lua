-- Prints what was measured as one line of JSON. Each script calls this at its end.
function done(summary, latency, requests)
  local e = summary.errors
  print(string.format(
    '{"requests":%d,"per_second":%.1f,"p50_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f,"errors":%d}',
    summary.requests, summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, latency.max / 1000, e.connect + e.read + e.write + e.status + e.timeout))
end
