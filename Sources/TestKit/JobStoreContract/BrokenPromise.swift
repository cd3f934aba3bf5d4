/// A store did not do what the queue seam promises.
package struct BrokenPromise: Error, CustomStringConvertible {
    private let what: String
    private let file: StaticString
    private let line: UInt

    init(_ what: String, _ file: StaticString, _ line: UInt) {
        self.what = what
        self.file = file
        self.line = line
    }

    package var description: String { "\(what) (\(file):\(line))" }
}

/// - Parameter what: what is wrong if it is not so.
func promise(_ isSo: Bool, _ what: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line)
    throws(BrokenPromise)
{
    guard isSo else { throw BrokenPromise(what(), file, line) }
}

func promise<Value: Equatable>(
    _ found: Value, is expected: Value, file: StaticString = #fileID, line: UInt = #line
) throws(BrokenPromise) {
    try promise(found == expected, "\(expected) was promised, found \(found)", file: file, line: line)
}

func promised<Value>(_ value: Value?, _ what: String, file: StaticString = #fileID, line: UInt = #line)
    throws(BrokenPromise) -> Value
{
    guard let value else { throw BrokenPromise("\(what) was promised, found nothing", file, line) }
    return value
}
