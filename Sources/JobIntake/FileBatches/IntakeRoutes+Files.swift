import HTTPTypes

/// The routes of files and batches, under every prefix that clients of OpenAI and Azure put in front.
extension IntakeRoutes {
    private static let prefixes = ["/v1", "/openai", "/openai/v1"]

    func fileRoutes() -> [Route] {
        guard let files else { return [] }
        let upload = UploadFile(shelf: files.shelf, limits: files.limits, now: now, logger: logger)
        let read = FileRoutes(shelf: files.shelf, now: now, logger: logger)
        return Self.prefixes.flatMap { prefix in
            [
                Route(.post, prefix + "/files", instruments, scope: .submit, upload.respond),
                Route(.get, prefix + "/files", instruments, scope: .read, read.list),
                Route(.get, prefix + "/files/{id}", instruments, scope: .read, read.read),
                Route(.get, prefix + "/files/{id}/content", instruments, scope: .read, read.content),
                Route(.delete, prefix + "/files/{id}", instruments, scope: .submit, read.delete),
            ].map(\.offSocketThread)
        }
    }

    func fileBatchRoutes() -> [Route] {
        guard let files, let batches else { return [] }
        let create = CreateBatch(
            rack: files.rack, shelf: files.shelf, maximumBytes: configuration.maximumBodyBytes, now: now,
            onNew: files.bell.ring, logger: logger)
        let read = BatchRoutes(rack: files.rack, batches: batches, now: now, logger: logger)
        return Self.prefixes.flatMap { prefix in
            [
                Route(.post, prefix + "/batches", instruments, scope: .submit, create.respond).submittingWork,
                Route(.get, prefix + "/batches", instruments, scope: .read, read.list),
                Route(.get, prefix + "/batches/{id}", instruments, scope: .read, read.read),
                Route(.post, prefix + "/batches/{id}/cancel", instruments, scope: .submit, read.cancel),
            ].map(\.offSocketThread)
        }
    }

    var runner: BatchRunner? {
        guard let files, let batches else { return nil }
        return BatchRunner(
            tools: BatchTools(
                rack: files.rack, shelf: files.shelf, acceptance: acceptance, store: store, control: control,
                batches: batches, cancellation: cancellation, configuration: configuration, now: now, logger: logger),
            bell: files.bell)
    }
}
