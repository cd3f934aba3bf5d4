import HTTPTypes

/// Bodies that may be of any length: files, and jobs a line each.
enum StreamedBody {
    static func isAnnounced(_ headers: HTTPFields) -> Bool {
        guard let type = headers[.contentType]?.lowercased() else { return false }
        return ["multipart/form-data", "application/x-ndjson", "application/jsonl", "application/x-jsonlines"].contains
        {
            type.hasPrefix($0)
        }
    }
}
