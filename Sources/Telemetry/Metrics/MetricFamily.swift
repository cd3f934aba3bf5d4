/// All series of one name.
struct MetricFamily: Sendable {
    enum Series: Sendable {
        case counter(CounterSeries)
        case gauge(GaugeSeries)
        case histogram(HistogramSeries)

        /// The object that swift-metrics holds.
        var handler: AnyObject {
            switch self {
            case .counter(let series): series
            case .gauge(let series): series
            case .histogram(let series): series
            }
        }
    }

    let kind: MetricKind
    let help: String
    let bounds: [Double]
    var series: [LabelSet: Series] = [:]

    func makeSeries() -> Series {
        switch kind {
        case .counter: .counter(CounterSeries())
        case .gauge: .gauge(GaugeSeries())
        case .histogram: .histogram(HistogramSeries(bounds: bounds))
        }
    }

    func render(_ name: String, into text: inout String) {
        text += "# HELP \(name) \(Self.escape(help))\n# TYPE \(name) \(kind.rawValue)\n"
        for (labels, series) in series.sorted(by: { $0.key < $1.key }) {
            switch series {
            case .counter(let counter): text += "\(name)\(labels.braced) \(counter.text)\n"
            case .gauge(let gauge): text += "\(name)\(labels.braced) \(SampleValue.text(gauge.value))\n"
            case .histogram(let histogram): histogram.render(name, labels, into: &text)
            }
        }
    }

    private static func escape(_ help: String) -> String {
        var escaped = ""
        for character in help.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
