import JobFlow

/// `idempotency_key`, or the header of that name.
enum IdempotencyKey {
    static func read(_ fields: JobFields, headers: [String]) throws(IntakeProblem) -> String? {
        let field = try fields.string("idempotency_key", characters: 1...255)
        guard let header = try read(headers) else { return field }
        if let field, field != header {
            throw .field("idempotency_key", "idempotency_key and the header Idempotency-Key are not the same.")
        }
        return header
    }

    /// The header alone.
    static func read(_ headers: [String]) throws(IntakeProblem) -> String? {
        guard headers.count < 2 else {
            throw .field("Idempotency-Key", "The header Idempotency-Key is given more than once.")
        }
        guard let header = headers.first else { return nil }
        guard (1...255).contains(header.unicodeScalars.count) else {
            throw .field("Idempotency-Key", "The header Idempotency-Key has to have 1 to 255 characters.")
        }
        return header
    }
}
