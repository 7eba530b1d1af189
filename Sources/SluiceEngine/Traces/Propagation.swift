import SluiceProvider
import SluiceStore
import SluiceTypes

/// What a provider is told of traces, whose row says that it may be.
struct Propagation: Sendable {
    /// Which traces are recorded; nil where this gateway records none, and only hands on what its caller has sent.
    let sampler: TraceSampler?

    /// The fields of an attempt's request; empty where there is nothing to tell.
    ///
    /// Below a trace that is recorded here the provider's span belongs below the attempt's, and not beside it.
    func fields(_ job: ClaimedJob, on row: ProviderRow) -> [HeaderField] {
        guard row.sendsTrace else { return [] }
        let context = job.input.trace
        guard let sampler else {
            guard let context else { return [] }
            return Propagation.fields(context)
        }
        let spans = JobSpans(TracedJob(job.facts, context))
        let trace = spans.trace
        return Propagation.fields(
            TraceContext(
                trace: trace,
                span: spans.attempt(job.epoch),
                isSampled: sampler.takes(trace, context),
                state: context?.trace == trace ? context?.state : nil
            )
        )
    }

    private static func fields(_ context: TraceContext) -> [HeaderField] {
        [HeaderField("traceparent", context.parent)] + (context.state.map { [HeaderField("tracestate", $0)] } ?? [])
    }
}
