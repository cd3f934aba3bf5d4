import JobFlow

/// A file as its metadata has it; its bytes lie beside.
struct FileRecord: Sendable, Equatable {
    /// How long a file is kept that does not say.
    static let kept = Duration.seconds(30 * 86_400)

    var id: String
    /// Whose it is.
    var caller: String
    var filename: String
    var purpose: String
    var createdAt: Timestamp
    var expiresAt: Timestamp?

    /// Fit to be the name of a file: nothing in it leads anywhere else.
    static func isID(_ text: String) -> Bool {
        text.hasPrefix("file-") && text.utf8.count == 31
            && text.utf8.dropFirst(5).allSatisfy {
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0
            }
    }

    static func newID(at now: Timestamp) -> String {
        var random = SystemRandomNumberGenerator()
        return "file-" + JobID(partition: 0, createdAt: now, random: &random).ulid
    }

    func isExpired(at now: Timestamp) -> Bool { expiresAt.map { $0 <= now } ?? false }

    var encoded: [UInt8] {
        JSONWriter.object { json in
            json.member("id", id)
            json.member("caller", caller)
            json.member("filename", filename)
            json.member("purpose", purpose)
            json.member("created_ms", createdAt.milliseconds)
            json.member("expires_ms", expiresAt?.milliseconds)
        }
    }

    /// Reads what `encoded` wrote.
    init?(_ bytes: [UInt8]) {
        guard let json = try? JSONObject(parsing: bytes), let id = json["id"]?.string,
            let purpose = json["purpose"]?.string, let created = json["created_ms"]?.int64
        else { return nil }
        self.init(
            id: id, caller: json["caller"]?.string ?? "", filename: json["filename"]?.string ?? "", purpose: purpose,
            createdAt: Timestamp(milliseconds: created),
            expiresAt: json["expires_ms"]?.int64.map(Timestamp.init(milliseconds:)))
    }

    init(id: String, caller: String, filename: String, purpose: String, createdAt: Timestamp, expiresAt: Timestamp?) {
        self.id = id
        self.caller = caller
        self.filename = filename
        self.purpose = purpose
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    /// The file as clients read it.
    func object(bytes: Int) -> [UInt8] {
        JSONWriter.object { json in
            json.member("id", id)
            json.member("object", "file")
            json.member("bytes", bytes)
            json.member("created_at", createdAt.milliseconds / 1000)
            json.member("expires_at", expiresAt.map { $0.milliseconds / 1000 })
            json.member("filename", filename)
            json.member("purpose", purpose)
            json.member("status", "processed")
            json.member("status_details", String?.none)
        }
    }
}
