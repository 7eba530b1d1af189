import Crypto
package import SluiceStore
package import SluiceTypes

/// Where the spans of a job stand.
///
/// Everything is made of the job's id and of its caller's trace, so that whoever tells of one, after a restart too, gives it the same
/// name. A call stands in its caller's trace, below the request that brought it. A job of the queue outlives that, so it has a trace of
/// its own and a link; its trace has the job's name. So has a call's whose caller has none.
package struct JobSpans: Sendable {
    private let job: TracedJob
    /// The job's trace.
    package let trace: TraceID

    package init(_ job: TracedJob) {
        self.job = job
        let own = job.entry == .call ? job.context?.trace : nil
        trace = own ?? TraceID(job.id) ?? JobSpans.trace(of: job.id, 0)
    }

    /// The trace of the request that brought the job.
    package var callTrace: TraceID {
        if let context = job.context { return context.trace }
        return job.entry == .call ? trace : JobSpans.trace(of: job.id, Number.call)
    }

    /// The span of the request that brought the job.
    package var call: SpanID { JobSpans.span(of: job.id, Number.call) }

    /// The span of the job's present life: each redrive begins another.
    package var life: SpanID { job.redrivenAt.map { JobSpans.span(of: job.id, -$0.milliseconds) } ?? firstLife }

    /// The job's span, for who points to it.
    package var place: SpanPlace { SpanPlace(trace: trace, span: life) }

    /// The span of the job's first life.
    package var firstLife: SpanID { JobSpans.span(of: job.id, 0) }

    /// What is above the job's span; nil for the first of a trace.
    package var parent: SpanID? { job.entry == .call && job.redrivenAt == nil ? call : nil }

    /// What the job's span points back to: what brought it, and the job that it repeats.
    package func links(repeating former: TracedJob?) -> [SpanPlace] {
        var links: [SpanPlace] = []
        if job.redrivenAt != nil {
            links.append(SpanPlace(trace: trace, span: firstLife))
        } else if job.entry != .call {
            links.append(SpanPlace(trace: callTrace, span: call))
        }
        if let former { links.append(JobSpans(former).place) }
        return links
    }

    /// The span of an attempt.
    package func attempt(_ epoch: Int64) -> SpanID { JobSpans.span(of: job.id, epoch) }

    /// Numbers of spans that are no epoch, which begins at 1, and no moment, which is less than nothing here.
    private enum Number {
        static let call = Int64.max
    }

    private static func trace(of job: JobID, _ number: Int64) -> TraceID {
        TraceID(bytes: Array(Array(digest(job, number))[8..<24])) ?? .random()
    }

    private static func span(of job: JobID, _ number: Int64) -> SpanID {
        let word = unsafe digest(job, number).withUnsafeBytes { unsafe $0.loadUnaligned(as: UInt64.self) }
        return SpanID(UInt64(bigEndian: word)) ?? .random()
    }

    private static func digest(_ job: JobID, _ number: Int64) -> SHA256.Digest {
        var hash = SHA256()
        unsafe job.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        unsafe withUnsafeBytes(of: number.bigEndian) { unsafe hash.update(bufferPointer: $0) }
        return hash.finalize()
    }
}
