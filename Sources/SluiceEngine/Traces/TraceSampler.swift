package import SluiceTypes

/// Which traces are recorded.
///
/// Source: <https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/>, `OTEL_TRACES_SAMPLER`; which of them a
/// share takes, <https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/>.
package struct TraceSampler: Sendable, Hashable {
    /// The share of traces that are recorded, from 0 to 1.
    package var share: Double
    /// Whether a caller who has a trace of his own decides of it.
    package var obeysCaller: Bool

    package init(share: Double = 1, obeysCaller: Bool = true) {
        self.share = share
        self.obeysCaller = obeysCaller
    }

    /// Whether `trace` is recorded, where a caller's trace stands at `context`.
    package func takes(_ trace: TraceID, _ context: TraceContext?) -> Bool {
        if obeysCaller, let context { return context.isSampled }
        // Those with the highest numbers are kept, as everybody does who samples by them.
        return trace.share >= 1 - share
    }
}
