/// What a metric of ours can be, in the words of the text format.
package enum MetricKind: String, Sendable {
    case counter, gauge, histogram
}
