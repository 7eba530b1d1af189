import SluiceEngine
import SluiceStore
import SluiceTypes

/// What a span is made of.
///
/// That is done when it is to be sent, since whoever observes has no time for it.
enum SpanSource: Sendable {
    case ended(EndedSpan)
    case answered(AnsweredRequest)

    /// The span; `joined` is the job that a request has joined, where it can be found.
    func span(_ catalogue: [String: CatalogueRow], joined: TracedJob?) -> Span {
        switch self {
        case .ended(.attempt(let ending, let job, let finish)): Span(ending, of: job, finish: finish, catalogue)
        case .ended(.job(let job, let state, let errorClass, let moment, let former)):
            Span(job, state, errorClass, at: moment, repeating: former)
        case .answered(let request): Span(request, joined: joined)
        }
    }

    /// The job that has to be looked up for it; nil where none has to.
    var joined: JobID? {
        if case .answered(let request) = self, case .joined(let id) = request.job { id } else { nil }
    }

    /// Whether it is recorded at all.
    func isTaken(by sampler: TraceSampler) -> Bool {
        switch self {
        // It was never sent.
        case .ended(.attempt(let ending, _, _)) where ending.outcome == .released: false
        case .ended(let ended): sampler.takes(JobSpans(ended.job).trace, ended.job.context)
        case .answered(let request):
            // A request and the job that it brings are recorded both or neither.
            if case .brought(let job) = request.job {
                sampler.takes(JobSpans(job).trace, job.context)
            } else {
                sampler.takes(request.trace, request.context)
            }
        }
    }
}

extension Span {
    /// An attempt, as by OpenTelemetry's conventions for generative AI.
    ///
    /// Source: <https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/>.
    init(_ ending: AttemptEnding, of job: TracedJob, finish: String?, _ catalogue: [String: CatalogueRow]) {
        let spans = JobSpans(job)
        let operation = ending.operation ?? job.operation
        var attributes = [
            Attribute("gen_ai.operation.name", operation.conventionalName),
            Attribute("gen_ai.provider.name", ending.row),
            Attribute("gen_ai.request.model", ending.model),
            Attribute("gen_ai.response.model", Span.served(ending, catalogue) ?? ""),
            Attribute("gen_ai.conversation.id", job.session ?? ""),
            Attribute("server.address", catalogue[ending.row]?.host ?? ""),
            Attribute("sluice.job", job.id.description),
            Attribute("sluice.attempt", ending.epoch),
            Attribute("sluice.outcome", ending.outcome.rawValue),
        ]
        if let finish { attributes.append(Attribute("gen_ai.response.finish_reasons", [Span.word(finish)])) }
        if let entry = ending.entry { attributes += Span.usage(of: entry) }
        if let first = ending.firstByteAt {
            let took = max(0, first.since(ending.startedAt).seconds)
            attributes.append(Attribute("sluice.first_byte_ms", Int64((took * 1000).rounded())))
        }
        let isError = ending.outcome != .ok
        if isError { attributes.append(Attribute("error.type", (ending.errorClass ?? .unknown).rawValue)) }
        self.init(
            place: SpanPlace(trace: spans.trace, span: spans.attempt(ending.epoch)),
            parent: spans.life,
            state: job.context?.trace == spans.trace ? job.context?.state : nil,
            name: "\(operation.conventionalName) \(ending.model)",
            kind: .client,
            start: ending.startedAt,
            end: max(ending.startedAt, ending.endedAt),
            attributes: attributes,
            isError: isError
        )
    }

    /// A life of a job, from its coming in, or from its redrive, to its end.
    init(
        _ job: TracedJob,
        _ state: JobState,
        _ errorClass: ErrorClass?,
        at end: Timestamp,
        repeating former: TracedJob?
    ) {
        let spans = JobSpans(job)
        let start = job.redrivenAt ?? job.createdAt
        var attributes = [
            Attribute("sluice.job", job.id.description),
            Attribute("sluice.surface", job.surface.rawValue),
            Attribute("sluice.entry", job.entry.rawValue),
            Attribute("sluice.lane", job.lane.rawValue),
            Attribute("sluice.status", state.rawValue),
            Attribute("gen_ai.request.model", job.model),
            Attribute("gen_ai.conversation.id", job.session ?? ""),
            Attribute("error.type", errorClass?.rawValue ?? ""),
        ]
        // Not every system shows links, and none finds what it points to by a link.
        if let context = job.context, context.trace != spans.trace {
            attributes.append(Attribute("sluice.caller.trace_id", context.trace.description))
        }
        self.init(
            place: SpanPlace(trace: spans.trace, span: spans.life),
            parent: spans.parent,
            state: job.context?.trace == spans.trace ? job.context?.state : nil,
            name: job.redrivenAt == nil ? "job" : "job redriven",
            kind: .internal,
            start: start,
            end: max(start, end),
            attributes: attributes,
            links: spans.links(repeating: former),
            isError: state == .dead
        )
    }

    /// The request of a caller.
    ///
    /// Source: <https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server>.
    init(_ request: AnsweredRequest, joined: TracedJob?) {
        var place = SpanPlace(trace: request.trace, span: .random())
        var links: [SpanPlace] = []
        var attributes = [
            Attribute("http.request.method", request.method),
            Attribute("http.route", request.route),
            Attribute("url.path", request.path),
            Attribute("url.scheme", "http"),
        ]
        // Nobody was told the status of an answer for which nobody was there.
        if request.end != .callerGone { attributes.append(Attribute("http.response.status_code", request.status)) }
        switch request.job {
        case .brought(let job):
            let spans = JobSpans(job)
            place = SpanPlace(trace: spans.callTrace, span: spans.call)
            if spans.trace != place.trace { links = [SpanPlace(trace: spans.trace, span: spans.firstLife)] }
            attributes.append(Attribute("sluice.job", job.id.description))
        case .joined(let id):
            if let joined { links = [JobSpans(joined).place] }
            attributes.append(Attribute("sluice.job", id.description))
        case nil: break
        }
        let errorType: String? =
            switch request.end {
            case .callerGone: "disconnected"
            case .brokenOff: "broken_off"
            case .whole: request.status >= 500 ? String(request.status) : nil
            }
        if let errorType { attributes.append(Attribute("error.type", errorType)) }
        self.init(
            place: place,
            parent: request.context?.span,
            state: request.context?.state,
            name: "\(request.method) \(request.route)",
            kind: .server,
            start: request.beganAt,
            end: request.beganAt.adding(request.took),
            attributes: attributes,
            links: links,
            isError: errorType != nil
        )
    }

    /// The model that answered, where it is one that is known: a provider may say anything.
    private static func served(_ ending: AttemptEnding, _ catalogue: [String: CatalogueRow]) -> String? {
        guard let entry = ending.entry, let served = entry.served else { return nil }
        let isKnown = entry.price?.origin.namesModel == true || catalogue[ending.row]?.models.contains(served) == true
        return isKnown ? served : nil
    }

    /// What was used, as far as the provider has told it.
    private static func usage(of entry: LedgerEntry) -> [Attribute] {
        guard entry.usage != nil else { return [] }
        let sums = LedgerSums(entry)
        let counts = [
            ("input_tokens", sums.input), ("output_tokens", sums.output), ("cache_read.input_tokens", sums.cached),
            ("cache_write.input_tokens", sums.cacheWritten), ("reasoning.output_tokens", sums.reasoning),
        ]
        return counts.filter { $0.1 > 0 }.map { Attribute("gen_ai.usage.\($0.0)", $0.1) }
    }

    /// Why a model stopped, in a word that is known.
    private static func word(_ finish: String) -> String {
        ["stop", "length", "tool_calls", "content_filter", "function_call"].contains(finish) ? finish : "other"
    }
}
