import JobFlow
import RunAudit

/// What a verification came to, for people and for machines. Pure.
enum ChainText {
    static func text(_ report: ChainReport) -> String {
        var lines = ["\(report.isIntact ? "intact" : "BROKEN")  \(report.name)"]
        lines.append("  rows      \(report.intactRows) as they were written, in \(report.seals) seals")
        if report.unsealedRows > 0 { lines.append("  older     \(report.unsealedRows) rows from before the chain") }
        if let pruned = report.prunedTo {
            lines.append("  pruned    up to row \(pruned.row), recorded \(TimeText.show(pruned.sealedAt))")
        }
        lines.append("  head      \(report.head.hash)")
        lines += report.faults.map { "  fault     \($0)" }
        let more = report.faultCount - report.faults.count
        if more > 0 { lines.append("  fault     and \(more) more") }
        return lines.joined(separator: "\n")
    }

    static func json(_ report: ChainReport) -> String {
        let bytes = JSONWriter.object { json in
            json.member("name", report.name)
            json.member("intact", report.isIntact)
            json.member("rows", report.intactRows)
            json.member("unsealed_rows", report.unsealedRows)
            json.member("pruned_to_row", report.prunedTo?.row)
            json.member("head", "\(report.head.hash)")
            json.member("fault_count", report.faultCount)
            json.member(
                "faults", array: { list in report.faults.forEach { fault in list.element { write(fault, &$0) } } })
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func write(_ fault: ChainFault, _ json: inout JSONWriter) {
        json.member("kind", fault.kind.rawValue)
        json.member("first_row", fault.rows?.lowerBound)
        json.member("last_row", fault.rows?.upperBound)
        json.member("job", fault.job)
        json.member("attempt", fault.attempt)
        json.member("first_seal", fault.seals?.lowerBound)
        json.member("last_seal", fault.seals?.upperBound)
        json.member("message", "\(fault)")
    }
}
