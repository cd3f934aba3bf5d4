import Glibc

/// What a command has measured, printed as one line of JSON.
struct Figures {
    private var members: [(name: String, value: String)] = []

    mutating func add(_ name: String, _ value: Int) { members.append((name, String(value))) }

    /// With three decimal places.
    mutating func add(_ name: String, _ value: Double) {
        members.append((name, String((value * 1000).rounded() / 1000)))
    }

    /// At once, though standard output is a pipe: whoever reads it may wait for this line.
    func print() {
        Swift.print("{" + members.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ",") + "}")
        fflush(nil)
    }
}
