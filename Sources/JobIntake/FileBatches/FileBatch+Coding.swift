import JobFlow

extension FileBatch {

    var encoded: [UInt8] {
        JSONWriter.object(capacity: 1024) { json in
            json.member("id", id.description)
            json.member("caller", caller)
            json.member("endpoint", endpoint.rawValue)
            json.member("input_file_id", inputFile)
            json.member("window", window)
            json.member("created_ms", createdAt.milliseconds)
            json.member("expires_ms", expiresAt.milliseconds)
            json.member("metadata", rawOrNull: metadata)
            json.member("output_seconds", outputSeconds)
            trace?.encode(to: &json)
            json.member("status", status.rawValue)
            json.member("moments", object: { for (name, time) in moments { $0.member(named: name, Int(time)) } })
            json.member("faults", array: { list in for fault in faults { list.element(object: fault.write) } })
            json.member("total", counts.total)
            json.member("completed", counts.completed)
            json.member("failed", counts.failed)
            json.member("submitted", isSubmitted)
            json.member("output_file_id", outputFile)
            json.member("error_file_id", errorFile)
        }
    }

    /// Reads what `encoded` wrote.
    init?(_ bytes: [UInt8]) {
        guard let json = try? JSONObject(parsing: bytes), let id = json["id"]?.string.flatMap({ BatchID($0) }),
            let endpoint = json["endpoint"]?.string.flatMap(UpstreamPath.init(rawValue:)),
            let input = json["input_file_id"]?.string, let created = json["created_ms"]?.int64,
            let expires = json["expires_ms"]?.int64, let status = json["status"]?.string.flatMap(Status.init)
        else { return nil }
        self.init(
            id: id, caller: json["caller"]?.string ?? "", endpoint: endpoint, inputFile: input,
            window: json["window"]?.string ?? "24h", createdAt: Timestamp(milliseconds: created),
            expiresAt: Timestamp(milliseconds: expires), metadata: json["metadata"]?.object.map { Array($0.raw) },
            outputSeconds: json["output_seconds"]?.int)
        trace = TraceContext(json)
        self.status = status
        for (name, time) in json["moments"]?.object?.members ?? [] { moments[name] = time.int64 }
        faults = (json["faults"]?.array ?? []).compactMap { $0.object.map(Fault.init) }
        counts = Counts(
            total: json["total"]?.int ?? 0, completed: json["completed"]?.int ?? 0, failed: json["failed"]?.int ?? 0)
        isSubmitted = json["submitted"]?.bool ?? false
        outputFile = json["output_file_id"]?.string
        errorFile = json["error_file_id"]?.string
    }

    /// The batch as clients read it.
    func object(_ counts: Counts) -> [UInt8] {
        JSONWriter.object(capacity: 1024) { json in
            json.member("id", id.description)
            json.member("object", "batch")
            json.member("endpoint", endpoint.rawValue)
            json.member("errors", rawOrNull: faults.isEmpty ? nil : faultList)
            json.member("input_file_id", inputFile)
            json.member("completion_window", window)
            json.member("status", status.rawValue)
            json.member("output_file_id", outputFile)
            json.member("error_file_id", errorFile)
            json.member("created_at", createdAt.milliseconds / 1000)
            json.member("in_progress_at", moment(.inProgress))
            json.member("expires_at", expiresAt.milliseconds / 1000)
            json.member("finalizing_at", moment(.finalizing))
            json.member("completed_at", moment(.completed))
            json.member("failed_at", moment(.failed))
            json.member("expired_at", moment(.expired))
            json.member("cancelling_at", moment(.cancelling))
            json.member("cancelled_at", moment(.cancelled))
            json.member("request_counts", object: counts.write)
            json.member("metadata", rawOrNull: metadata)
        }
    }

    private var faultList: [UInt8] {
        JSONWriter.object { json in
            json.member("object", "list")
            json.member("data", array: { list in for fault in faults { list.element(object: fault.write) } })
        }
    }
}

extension FileBatch.Counts {
    fileprivate func write(_ json: inout JSONWriter) {
        json.member("total", total)
        json.member("completed", completed)
        json.member("failed", failed)
    }

    /// What the queue counts, of a batch of so many lines.
    init(_ standing: BatchStanding?, total: Int) {
        let counts = standing?.counts ?? [:]
        self.init(
            total: total, completed: counts[.completed] ?? 0,
            failed: (counts[.failed] ?? 0) + (counts[.expired] ?? 0) + (counts[.cancelled] ?? 0))
    }
}

extension FileBatch.Fault {
    fileprivate func write(_ json: inout JSONWriter) {
        json.member("code", code)
        json.member("line", line)
        json.member("message", message)
        json.member("param", param)
    }

    fileprivate init(_ json: JSONObject) {
        self.init(
            code: json["code"]?.string ?? "", message: json["message"]?.string ?? "", param: json["param"]?.string,
            line: json["line"]?.int)
    }
}
