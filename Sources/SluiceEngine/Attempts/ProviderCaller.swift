import SluiceProvider
import SluiceStore
import SluiceTypes

/// Makes one call for one job on one permit, and tells what came of it.
///
/// It touches neither store nor router.
struct ProviderCaller: Sendable {
    let transport: any Transport
    let propagation: Propagation
    let time: EngineTime
    let alarms: AlarmClock

    /// Asks; every event goes to `log` as it comes.
    ///
    /// Returns early, as called off, when the task is cancelled. `whenWell` is called once the first text of a stream is
    /// there, for a call by which others find out whether the provider is well.
    func attempt(
        _ ask: Ask,
        of job: ClaimedJob,
        _ rendition: Rendition,
        on permit: Permit,
        log: JobLog,
        _ bill: Bill,
        whenWell: (@Sendable () -> Void)? = nil
    ) async -> AttemptResult {
        var progress = AttemptProgress(time: time, log: log, isStream: ask.stream, rendition, on: permit, bill)
        do throws(AdapterFault) {
            let adapter = permit.row.adapter
            switch rendition.rebuiltTurns == nil ? try adapter.prepare(ask) : try await prepareElsewhere(ask, adapter) {
            case .answer(let events): await play(events, into: &progress)
            case .call(let call): await make(call, ask, of: job, on: permit, into: &progress, whenWell)
            }
        } catch {
            progress.end = .failed(error.errorClass, message: error.message)
        }
        log.close()
        return progress.result()
    }

    /// A request that tells a long thread keeps no connection's loop from serving others; see ``RequestPhrasing``.
    @inline(never)
    private func prepareElsewhere(_ ask: Ask, _ adapter: any Adapter) async throws(AdapterFault) -> Prepared {
        try await withTaskExecutorPreference(globalConcurrentExecutor) { () async throws(AdapterFault) in
            try adapter.prepare(ask)
        }
    }

    /// What an attempt comes to whose request was not sent; `refusal` tells what of the request is to blame.
    func unasked(
        _ end: AttemptResult.End,
        _ refusal: ProviderError?,
        _ rendition: Rendition,
        isStream: Bool,
        on permit: Permit,
        log: JobLog,
        _ bill: Bill
    ) -> AttemptResult {
        var progress = AttemptProgress(time: time, log: log, isStream: isStream, rendition, on: permit, bill)
        progress.refuse(end, refusal)
        log.close()
        return progress.result()
    }

    /// Plays an answer that needs no call, at the pace its adapter asked for.
    private func play(_ events: [TimedEvent], into progress: inout AttemptProgress) async {
        for timed in events {
            if timed.after > .zero {
                do { try await time.sleep(timed.after) } catch {
                    progress.end = .calledOff(sent: true)
                    return
                }
            }
            progress.take([timed.event])
        }
        progress.close()
    }

    private func make(
        _ call: HTTPCall,
        _ ask: Ask,
        of job: ClaimedJob,
        on permit: Permit,
        into progress: inout AttemptProgress,
        _ whenWell: (@Sendable () -> Void)?
    ) async {
        guard let endpoint = permit.row.endpoint else {
            progress.end = .unusable(message: "row \(permit.row.name) has no baseURL")
            return
        }
        guard var outgoing = OutgoingCall(call, to: endpoint, secret: permit.secret) else {
            progress.end = .unusable(
                message: "row \(permit.row.name) names a signer that this gateway does not have"
            )
            return
        }
        if Task.isCancelled {
            progress.end = .calledOff(sent: false)
            return
        }
        outgoing.headers += propagation.fields(job, on: permit.row)
        outgoing.room = progress.room
        var reader = AnswerReader(permit.row.adapter.reading(for: ask))
        var whenWell = whenWell
        var patience: AnswerPatience?
        let answer = transport.send(outgoing)
        do throws(TransportError) {
            for try await event in answer {
                progress.note(event)
                if let events = reader.readHere(event) {
                    progress.take(events)
                } else {
                    guard await takeElsewhere(event, &reader, &progress) else { return }
                }
                if case .end = event { progress.close() }
                if let well = whenWell, progress.hasText {
                    well()
                    whenWell = nil
                }
                if progress.end != nil {
                    // What follows a whole answer is the transport's affair; the call of any other is closed.
                    if progress.isWhole { answer.conclude() } else { progress.noteURL(endpoint.baseURL, call.path) }
                    return
                }
                if let end = progress.answerEnd, !answer.isReady {
                    patience = AnswerPatience.extend(patience, to: end, of: answer, alarms)
                }
            }
            // A transport that ends without a word has broken its contract: the request may have been carried out.
            if progress.end == nil { progress.end = .unknown(.network, message: "the call broke off") }
        } catch {
            progress.fail(error, told: await reader.breakOff())
        }
    }

    /// False when nobody can read the answer any more.
    ///
    /// Not inlined: it is for adapters that are not compiled in, and a call's frame is small without it.
    @inline(never)
    private func takeElsewhere(
        _ event: TransportEvent,
        _ reader: inout AnswerReader,
        _ progress: inout AttemptProgress
    ) async -> Bool {
        do throws(AdapterFault) {
            progress.take(try await reader.readElsewhere(event))
            return true
        } catch {
            // The provider has answered, and nobody can read it.
            progress.end = progress.end ?? .unknown(error.errorClass, message: error.message)
            return false
        }
    }
}
