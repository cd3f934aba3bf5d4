import JobFlow

/// What an endpoint takes, in weighted tokens: a prompt token counts once, an output token `outputWeight` times.
package struct EndpointCapacity: Sendable, Equatable {
    package var tokensPerSecond: Double
    package var outputWeight: Double
    /// How much may be admitted at once after a rest, as time at full rate. Less than the endpoint itself allows is safe: its
    /// bucket then never fills, and flows off all the time that there is work.
    package var burst: Duration

    package init(tokensPerSecond: Double, outputWeight: Double = 1, burst: Duration = .seconds(10)) {
        self.tokensPerSecond = tokensPerSecond
        self.outputWeight = outputWeight
        self.burst = burst
    }

    /// The capacity of so many provisioned throughput units; nil for a model whose figures are not known.
    package init?(model: String, ptu: Int, burst: Duration = .seconds(10)) {
        guard let figures = ProvisionedModel.figures(for: model) else { return nil }
        self.init(
            tokensPerSecond: Double(ptu) * figures.tokensPerMinute / 60, outputWeight: figures.outputWeight,
            burst: burst)
    }

    var brim: Double { tokensPerSecond * burst.inSeconds }

    /// What a finished call took. Cached tokens of the prompt are free.
    func weighted(prompt: Int, cached: Int = 0, output: Int) -> Double {
        Double(max(0, prompt - cached)) + Double(output) * outputWeight
    }
}

/// What one provisioned throughput unit carries, by model: input tokens a minute, and how often an output token counts.
/// Source: Microsoft, "Provisioned throughput unit costs and billing" (learn.microsoft.com, April 2026).
enum ProvisionedModel {
    typealias Figures = (tokensPerMinute: Double, outputWeight: Double)

    private static let table: [String: Figures] = [
        "gpt-5.4": (2_400, 6), "gpt-5.2": (3_400, 8), "gpt-5.1": (4_750, 8), "gpt-5": (4_750, 8),
        "gpt-5-mini": (23_750, 8), "gpt-4.1": (3_000, 4), "gpt-4.1-mini": (14_900, 4), "gpt-4.1-nano": (59_400, 4),
        "gpt-4o": (2_500, 4), "gpt-4o-mini": (37_000, 4), "o3": (3_000, 4), "o4-mini": (5_400, 4),
    ]

    /// By the longest name in the table that the model's begins with, so that dated versions are found, and
    /// `gpt-4o-mini-2024-07-18` is no `gpt-4o`.
    static func figures(for model: String) -> Figures? {
        table.filter { model == $0.key || model.hasPrefix($0.key + "-") }.max { $0.key.utf8.count < $1.key.utf8.count }?
            .value
    }
}
