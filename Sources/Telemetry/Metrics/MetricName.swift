/// Names as Prometheus allows them.
enum MetricName {
    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`; whatever else becomes an underscore.
    static func metric(_ name: String) -> String { sanitised(name, allowsColon: true) }

    /// A counter ends in `_total`.
    static func counter(_ name: String) -> String { metric(name, endingIn: "_total") }

    /// A timer says its unit, which is always seconds.
    static func timer(_ name: String) -> String { metric(name, endingIn: "_seconds") }

    /// `[a-zA-Z_][a-zA-Z0-9_]*`. `le` is the histogram's own.
    static func label(_ name: String) -> String {
        let label = sanitised(name, allowsColon: false)
        return label == "le" ? "exported_le" : label
    }

    private static func metric(_ name: String, endingIn suffix: String) -> String {
        let name = metric(name)
        return name.hasSuffix(suffix) ? name : name + suffix
    }

    private static func sanitised(_ name: String, allowsColon: Bool) -> String {
        var bytes = name.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                byte
            case UInt8(ascii: ":") where allowsColon: byte
            default: UInt8(ascii: "_")
            }
        }
        if bytes.first.map({ $0 <= UInt8(ascii: "9") && $0 >= UInt8(ascii: "0") }) ?? true {
            bytes.insert(UInt8(ascii: "_"), at: 0)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
