import Crypto
import JobFlow

/// The fields of an upload, as they come. A value.
struct UploadForm {
    /// Of a field that is no file.
    private static let maximumFieldBytes = 4096

    private(set) var filename: String?
    private var fields: [String: [UInt8]] = [:]
    private var current: String?

    mutating func begin(_ name: String, filename: String?) throws(IntakeProblem) {
        current = name
        if name == "file" {
            guard self.filename == nil else { throw .field("file", "file is given more than once.") }
            self.filename = filename ?? "file"
        } else {
            guard fields.count < 32 else { throw .field("file", "There are too many fields.") }
            fields[name] = []
        }
    }

    /// True for bytes of the file, which are not kept here.
    mutating func add(_ bytes: ArraySlice<UInt8>) throws(IntakeProblem) -> Bool {
        guard let current, current != "file" else { return true }
        guard fields[current, default: []].count + bytes.count <= Self.maximumFieldBytes else {
            throw .field(current, "\(current.clipped) is too long.")
        }
        fields[current, default: []] += bytes
        return false
    }

    /// Everything but the bytes of the file.
    func add(to digest: inout SHA256) {
        digest.update(part: "filename", (filename ?? "").utf8)
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) { digest.update(part: name, value) }
    }

    func record(_ caller: String, at now: Timestamp) throws(IntakeProblem) -> FileRecord {
        guard let filename else { throw .field("file", "file is missing.", code: "missing_field") }
        guard let purpose = text("purpose") else {
            throw .field("purpose", "purpose is missing.", code: "missing_field")
        }
        guard purpose == "batch" else {
            throw .field("purpose", "purpose has to be batch: other files are not used here.")
        }
        return FileRecord(
            id: FileRecord.newID(at: now), caller: caller, filename: filename, purpose: purpose, createdAt: now,
            expiresAt: try expiry(now))
    }

    /// `expires_after[seconds]`, or `expires_after.seconds` as Azure spells it.
    private func expiry(_ now: Timestamp) throws(IntakeProblem) -> Timestamp {
        let anchor = text("expires_after[anchor]") ?? text("expires_after.anchor")
        guard anchor ?? "created_at" == "created_at" else {
            throw .field("expires_after[anchor]", "expires_after[anchor] has to be created_at.")
        }
        guard let text = text("expires_after[seconds]") ?? text("expires_after.seconds") else {
            return now + FileRecord.kept
        }
        guard let seconds = Int(text), 3600...2_592_000 ~= seconds else {
            throw .field(
                "expires_after[seconds]", "expires_after[seconds] has to be a whole number from 3600 to 2592000.")
        }
        return now + .seconds(seconds)
    }

    private func text(_ name: String) -> String? { fields[name].map { String(decoding: $0, as: UTF8.self) } }
}
