import GRDBSQLite
import JobFlow

/// The values of one statement, in the order of its parameters. Text and blobs lie in one piece of memory, so that SQLite
/// is given pointers into it: nothing is boxed, and nothing is copied a second time.
struct StatementValues: Sendable {
    private enum Value {
        case null
        case integer(Int64)
        /// Up to which byte; it begins where the one before it ends.
        case text(Int)
        case blob(Int)
    }

    private var values: [Value] = []
    private var bytes: [UInt8] = []

    /// - Parameter bytes: room for the text and the blobs, about.
    init(count: Int, bytes size: Int = 0) {
        values.reserveCapacity(count)
        bytes.reserveCapacity(size)
    }

    /// Of text and blobs.
    var byteCount: Int { bytes.count }

    mutating func add(_ number: (some BinaryInteger)?) {
        values.append(number.map { .integer(Int64($0)) } ?? .null)
    }

    mutating func add(_ moment: Timestamp?) { add(moment?.milliseconds) }

    mutating func add(_ job: JobID) { add(job.description) }

    mutating func add(_ text: String?) {
        guard let text else { return values.append(.null) }
        bytes.append(contentsOf: text.utf8)
        values.append(.text(bytes.count))
    }

    mutating func add(_ blob: [UInt8]?) {
        guard let blob else { return values.append(.null) }
        addBlob { $0.append(contentsOf: blob) }
    }

    /// A blob that is put together in its place.
    mutating func addBlob(_ write: (inout [UInt8]) -> Void) {
        write(&bytes)
        values.append(.blob(bytes.count))
    }

    /// Text that is known as its bytes.
    mutating func add(text: some Collection<UInt8>) {
        bytes.append(contentsOf: text)
        values.append(.text(bytes.count))
    }

    /// The values as one string of bytes that no other values have: of each a tag (0 NULL, 1 integer, 2 text, 3 blob), then
    /// eight bytes, the highest first: the integer, or the length of the bytes that follow.
    var canonicalBytes: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 9 * values.count)
        var start = 0
        func append(_ tag: UInt8, to end: Int) {
            result.append(tag)
            result.append(bigEndian: Int64(end - start))
            result.append(contentsOf: bytes[start..<end])
            start = end
        }
        for value in values {
            switch value {
            case .null: result.append(0)
            case .integer(let number):
                result.append(1)
                result.append(bigEndian: number)
            case .text(let end): append(2, to: end)
            case .blob(let end): append(3, to: end)
            }
        }
        return result
    }

    /// Binds the values for as long as the body runs. Returns the first code that is not SQLITE_OK, or what the body does.
    func withBound(to statement: OpaquePointer, _ body: () -> Int32) -> Int32 {
        unsafe bytes.withUnsafeBytes { memory in
            defer { unsafe sqlite3_clear_bindings(statement) }
            let code = unsafe bind(memory, to: statement)
            return code == SQLITE_OK ? body() : code
        }
    }

    private func bind(_ memory: UnsafeRawBufferPointer, to statement: OpaquePointer) -> Int32 {
        var start = 0
        for (index, value) in values.enumerated() {
            let code = unsafe bind(value, from: &start, of: memory, to: statement, at: Int32(index + 1))
            guard code == SQLITE_OK else { return code }
        }
        return SQLITE_OK
    }

    private func bind(
        _ value: Value, from start: inout Int, of memory: UnsafeRawBufferPointer, to statement: OpaquePointer,
        at index: Int32
    ) -> Int32 {
        switch value {
        case .null: return unsafe sqlite3_bind_null(statement, index)
        case .integer(let number): return unsafe sqlite3_bind_int64(statement, index, number)
        case .text(let end):
            defer { start = end }
            let first = unsafe Self.address(start, in: memory)?.assumingMemoryBound(to: CChar.self)
            return unsafe sqlite3_bind_text64(statement, index, first, UInt64(end - start), nil, UInt8(SQLITE_UTF8))
        case .blob(let end):
            defer { start = end }
            return unsafe sqlite3_bind_blob64(
                statement, index, Self.address(start, in: memory), UInt64(end - start), nil)
        }
    }

    /// Never nil, because SQLite takes an empty value at no address for NULL.
    private static func address(_ offset: Int, in memory: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
        unsafe memory.baseAddress.map { unsafe $0 + offset } ?? UnsafeRawPointer(bitPattern: 1)
    }
}
