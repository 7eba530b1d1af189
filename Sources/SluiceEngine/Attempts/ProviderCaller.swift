import SluiceJSON
import SluiceProvider
import SluiceStore
import SluiceTypes

/// Makes one call for one claimed job on one permit, and tells what came of it.
///
/// It touches neither store nor router.
struct ProviderCaller: Sendable {
    let transport: any Transport
    let time: EngineTime

    /// Runs the attempt; every event goes to `log` as it comes.
    ///
    /// Returns early, as called off, when the task is cancelled. `whenWell` is called once the first text of a stream is
    /// there, for a call by which others find out whether the provider is well.
    func attempt(
        _ job: ClaimedJob,
        on permit: Permit,
        log: JobLog,
        whenWell: (@Sendable () -> Void)? = nil
    ) async -> AttemptResult {
        var run = Run(time: time, log: log, isStream: job.stream, secret: permit.secret)
        do {
            let ask = try ask(for: job, on: permit.row)
            switch try permit.row.adapter.prepare(ask) {
            case .answer(let events): await play(events, into: &run)
            case .call(let call): await make(call, ask, on: permit, into: &run, whenWell)
            }
        } catch let fault as AdapterFault {
            run.end = .failed(fault.errorClass, message: fault.message)
        } catch {
            run.end = .failed(.invalidRequest, message: "the stored request can't be read: \(error)")
        }
        log.close()
        return run.result()
    }

    private func ask(for job: ClaimedJob, on row: ProviderRow) throws -> Ask {
        let request = CallerRequest(
            operation: job.operation,
            format: job.format,
            stream: job.stream,
            model: job.model,
            document: try Document(indexing: job.input.body)
        )
        return try row.ask(for: request, attempt: job.attempt)
    }

    /// Plays an answer that needs no call, at the pace its adapter asked for.
    private func play(_ events: [TimedEvent], into run: inout Run) async {
        for timed in events {
            if timed.after > .zero {
                do { try await time.sleep(timed.after) } catch {
                    run.end = .calledOff(sent: true)
                    return
                }
            }
            run.take([timed.event])
        }
        run.close()
    }

    private func make(
        _ call: HTTPCall,
        _ ask: Ask,
        on permit: Permit,
        into run: inout Run,
        _ whenWell: (@Sendable () -> Void)?
    ) async {
        guard let endpoint = permit.row.endpoint else {
            run.end = .failed(.network, message: "row \(permit.row.name) has no baseURL")
            return
        }
        guard let outgoing = OutgoingCall(call, to: endpoint, secret: permit.secret) else {
            run.end = .failed(
                .network,
                message: "row \(permit.row.name) names a signer that this gateway does not have"
            )
            return
        }
        if Task.isCancelled {
            run.end = .calledOff(sent: false)
            return
        }
        var exchange = permit.row.adapter.exchange(for: ask)
        var whenWell = whenWell
        do throws(TransportError) {
            for try await event in transport.send(outgoing) {
                switch event {
                case .head(let head):
                    run.begin(head)
                    run.take(exchange.begin(head))
                case .chunk(let bytes):
                    run.take(exchange.feed(bytes, last: false))
                case .end:
                    run.take(exchange.feed([], last: true))
                    run.close()
                }
                if let well = whenWell, run.hasText {
                    well()
                    whenWell = nil
                }
                // A finished stream is read to its end, so that its connection can serve again.
                if case .failed = run.end { return }
            }
            // A transport that ends without a word has broken its contract: the request may have been carried out.
            if run.end == nil { run.end = .unknown(.network, message: "the call broke off") }
        } catch {
            run.fail(error, told: exchange.breakOff())
        }
    }
}

extension OutgoingCall {
    /// The call as it leaves: the row's URL, query and fields added, the secret beside it.
    ///
    /// Nil for an unknown signer.
    init?(_ call: HTTPCall, to endpoint: Endpoint, secret: Secret?) {
        var secretHeader: SecretHeader?
        switch call.authorization {
        case .none: break
        case .header(let name, let prefix):
            secretHeader = secret.map { SecretHeader(name: name, prefix: prefix, secret: $0) }
        case .signer: return nil
        }
        let query = endpoint.query.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
        let separator = call.path.contains("?") ? "&" : "?"
        self.init(
            url: endpoint.baseURL + call.path + (query.isEmpty ? "" : separator + query.joined(separator: "&")),
            method: call.method,
            headers: call.headers + endpoint.headers,
            body: call.body,
            secretHeader: secretHeader,
            policy: endpoint.policy,
            timeouts: endpoint.timeouts,
            answerLimit: endpoint.answerLimit
        )
    }
}
