/// The families and their series, and how many there may be: a pure value, kept under the registry's lock.
struct MetricCatalogue: Sendable {
    /// Past this, new label sets of a metric share one series in which every label says `other`.
    static let maximumSeries = 10_000
    /// Room for those shared series. Past it, a new one is counted and shown nowhere.
    static let reserve = 1_000
    /// Counts each use of a label set that found no place of its own.
    static let foldedName = "sluice_metrics_folded_total"

    let help: [String: String]
    let buckets: [String: [Double]]
    private(set) var families: [String: MetricFamily] = [:]
    private var seriesCount = 0
    private let folded: CounterSeries

    init(help: [String: String], buckets: [String: [Double]]) {
        let folded = CounterSeries()
        self.help = help
        self.buckets = buckets
        self.folded = folded
        families[Self.foldedName] = MetricFamily(
            kind: .counter, help: "Uses of a metric whose labels found no series of their own.", bounds: [],
            series: [.none: .counter(folded)])
    }

    /// Finds or makes a series. A name belongs to the kind that used it first; another kind gets a series that is not
    /// shown, because two types under one name would spoil the whole scrape.
    mutating func series(
        _ kind: MetricKind, _ name: String, _ labels: LabelSet, _ dimensions: [(String, String)]
    ) -> MetricFamily.Series {
        if let owner = families[name]?.kind, owner != kind { return hidden(kind, name) }
        if let series = families[name]?.series[labels] { return series }
        return seriesCount < Self.maximumSeries ? add(kind, name, labels) : fold(kind, name, dimensions)
    }

    /// Forgets a series, if it is still the one of that handler.
    mutating func remove(_ handler: AnyObject) {
        for (name, family) in families where name != Self.foldedName {
            guard let labels = family.series.first(where: { $0.value.handler === handler })?.key else { continue }
            families[name]?.series[labels] = nil
            seriesCount -= 1
            if families[name]?.series.isEmpty == true { families[name] = nil }
            return
        }
    }

    private mutating func fold(
        _ kind: MetricKind, _ name: String, _ dimensions: [(String, String)]
    ) -> MetricFamily.Series {
        let labels = LabelSet.folded(dimensions)
        if let series = families[name]?.series[labels] {
            folded.increment(by: Int64(1))
            return series
        }
        guard families[name] != nil, !dimensions.isEmpty, seriesCount < Self.maximumSeries + Self.reserve else {
            return hidden(kind, name)
        }
        folded.increment(by: Int64(1))
        return add(kind, name, labels)
    }

    private func hidden(_ kind: MetricKind, _ name: String) -> MetricFamily.Series {
        folded.increment(by: Int64(1))
        return family(kind, name).makeSeries()
    }

    /// Changes the family in place: a copy of it would copy its series each time.
    private mutating func add(_ kind: MetricKind, _ name: String, _ labels: LabelSet) -> MetricFamily.Series {
        if families[name] == nil { families[name] = family(kind, name) }
        let series = families[name]?.makeSeries() ?? family(kind, name).makeSeries()
        families[name]?.series[labels] = series
        seriesCount += 1
        return series
    }

    private func family(_ kind: MetricKind, _ name: String) -> MetricFamily {
        MetricFamily(
            kind: kind, help: help[name] ?? name.split(separator: "_").joined(separator: " "),
            bounds: HistogramBounds.valid(buckets[name]))
    }
}
