import HTTPTypes
import Hummingbird
import SluiceEngine
import SluiceStore
import SluiceTypes
import Synchronization

/// The span of one request, where somebody records traces: begun when it comes in, told when its answer has ended.
///
/// It is told only of callers who were let in: whoever may call nothing must not be able to fill what waits for the collector.
final class RequestTrace: Sendable {
    private struct State {
        var isLetIn = false
        var isCallerGone = false
        var brought: TracedJob?
    }

    private let method: String
    private let path: String
    private let context: TraceContext?
    private let beganAt: Timestamp
    private let begin: ContinuousClock.Instant
    private let observation: Observation
    private let state = Mutex(State())

    /// Nil for a request that asks for nothing: those that only look come in crowds, and would hide the others.
    init?(_ request: Request, _ observation: Observation, at now: Timestamp) {
        guard observation.wantsSpans, request.method == .post else { return nil }
        method = request.method.rawValue
        path = request.uri.path
        context = TraceContext(request.headers)
        beganAt = now
        begin = .now
        self.observation = observation
    }

    /// The caller's API token was good.
    func letIn() {
        state.withLock { $0.isLetIn = true }
    }

    /// Nobody is there any more to be answered.
    func callerLeft() {
        state.withLock { $0.isCallerGone = true }
    }

    /// The request has brought a job.
    func brought(_ new: NewJob) {
        state.withLock { $0.brought = TracedJob(new.facts, new.input.trace) }
    }

    /// Tells the span once `response` has ended: a stream when it was written.
    func telling(_ response: Response, of route: String) -> Response {
        guard state.withLock({ $0.isLetIn }) else { return response }
        let status = response.status.code
        let named = response.headers.namedJob ?? jobOfPath
        guard response.body.contentLength == nil else {
            tell(status, route, named)
            return response
        }
        var response = response
        let body = response.body
        response.body = ResponseBody { [self] writer in
            do { try await body.write(writer) } catch {
                tell(status, route, named, isBroken: true)
                throw error
            }
            tell(status, route, named)
        }
        return response
    }

    /// The first job that the path names.
    private var jobOfPath: JobID? { path.split(separator: "/").lazy.compactMap { JobID($0) }.first }

    private func tell(_ status: Int, _ route: String, _ named: JobID?, isBroken: Bool = false) {
        let state = state.withLock { $0 }
        var request = AnsweredRequest(
            method: method,
            route: route,
            path: path,
            status: status,
            end: state.isCallerGone ? .callerGone : isBroken ? .brokenOff : .whole,
            beganAt: beganAt,
            took: begin.duration(to: .now),
            context: context
        )
        if let brought = state.brought, named == nil || named == brought.id {
            request.job = .brought(brought)
        } else {
            // Where it names one that it has not brought, it has joined that.
            request.job = named.map { .joined($0) }
        }
        observation.note(.answered(request))
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
