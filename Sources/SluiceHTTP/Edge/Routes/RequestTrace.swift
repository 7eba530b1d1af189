import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceStore
import SluiceTypes
import Synchronization

/// The span of one request, where somebody records traces: begun when it comes in, told when its answer has ended.
final class RequestTrace: Sendable {
    private let method: String
    private let context: TraceContext?
    private let beganAt: Timestamp
    private let begin: ContinuousClock.Instant
    private let observation: Observation
    private let reader: any JobReader
    private let job = Mutex<TracedJob?>(nil)

    /// Nil for a request that asks for nothing: those that only look come in crowds, and would hide the others.
    init?(_ request: Request, _ observation: Observation, _ reader: any JobReader, at now: Timestamp) {
        guard observation.wantsSpans, request.method == .post else { return nil }
        method = request.method.rawValue
        context = TraceContext(request.headers)
        beganAt = now
        begin = .now
        self.observation = observation
        self.reader = reader
    }

    /// The request has brought a job.
    func brought(_ new: NewJob) {
        job.withLock { $0 = TracedJob(new.facts, new.input.trace) }
    }

    /// Tells the span once `response` has ended: a stream when it was written.
    func telling(_ response: Response, of route: String?) async -> Response {
        let status = response.status.code
        let named = RequestTrace.job(in: response.headers)
        guard response.body.contentLength == nil else {
            await tell(status, route, named, isBroken: false)
            return response
        }
        var response = response
        let body = response.body
        response.body = ResponseBody { [self] writer in
            do { try await body.write(writer) } catch {
                await tell(status, route, named, isBroken: true)
                throw error
            }
            await tell(status, route, named, isBroken: false)
        }
        return response
    }

    /// The job that an answer names: in a field of its own, or in that of where it is.
    private static func job(in headers: HTTPFields) -> String? {
        headers[.sluiceJob] ?? headers[.location].flatMap { $0.split(separator: "/").last.map(String.init) }
    }

    private func tell(_ status: Int, _ route: String?, _ named: String?, isBroken: Bool) async {
        observation.note(
            .answered(
                AnsweredRequest(
                    method: method,
                    route: route,
                    status: status,
                    isBroken: isBroken,
                    beganAt: beganAt,
                    took: begin.duration(to: .now),
                    context: context,
                    job: await job(named)
                )
            )
        )
    }

    /// What it came to in jobs: where the answer names one that it has not brought, it has joined that.
    private func job(_ named: String?) async -> AnsweredRequest.Job? {
        let brought = job.withLock { $0 }
        guard let id = named.flatMap({ JobID($0) }), id != brought?.id else { return brought.map { .brought($0) } }
        guard let job = try? await reader.job(id, owner: nil) else { return nil }
        return .joined(TracedJob(job.facts, job.input?.trace))
    }
}

extension TraceContext {
    /// Where the caller's trace stands, as the head of a request says; nil where it says nothing that can be read.
    init?(_ headers: HTTPFields) {
        guard headers.contains(.traceParent) else { return nil }
        self.init(parents: headers[values: .traceParent], states: headers[values: .traceState])
    }
}

extension HTTPField.Name {
    static let traceParent = known("traceparent")
    static let traceState = known("tracestate")
}
