import SluiceJSON
import SluiceProvider
import SluiceStore
import SluiceTypes

/// Puts a job's request to the account that is asked: as it came, but for what only another account can read, and for what it
/// takes up of a thread.
///
/// What is stored stays as it came. It makes no call.
final class RequestPhrasing: Sendable {
    private let store: any JobReader
    private let memory = ConversationMemory()
    /// Where threads count while they are put together.
    private let held: HeldMemory
    /// How long a request may become with its thread, in bytes.
    private let limit: Int
    private let time: EngineTime

    init(store: any JobReader, held: HeldMemory, limit: Int, time: EngineTime) {
        self.store = store
        self.held = held
        self.limit = limit
        self.time = time
    }

    /// With whose account the answer was given that a job takes up; nil for a job that takes up none, and where that is not known.
    func history(of job: some JobShape) async -> String? {
        guard let ancestry = job.ancestry else { return nil }
        let parent = try? await store.progress(ancestry.previous, owner: job.owner, withLog: false)
        return parent?.attempt?.start.account
    }

    // MARK: What answers teach

    /// A session has an answer to a request of so many entries, which was sent without `foreign`.
    func noteSpoken(on permit: Permit, entries: Int, without foreign: ForeignReasoning, in session: UInt64) {
        memory.note(SpokenWith(permit.account, entries: entries, without: foreign), in: session)
    }

    /// An account did not have an answer that it had given.
    func noteForgetful(_ permit: Permit) {
        memory.noteForgetful(permit.account, at: time.uptime())
    }

    // MARK: What stands for itself

    /// The request of a job that continues none.
    func phrase(_ job: ClaimedJob, on permit: Permit, in session: UInt64?, _ amendments: Set<Amendment>) -> Phrased {
        let rendition = Rendition(foreign: foreign(on: permit, in: session, amendments))
        return ask(job, on: permit, .none, rendition)
    }

    private func foreign(
        on permit: Permit,
        in session: UInt64?,
        _ amendments: Set<Amendment>
    ) -> ForeignReasoning? {
        if amendments.contains(.withoutReasoning) { return .all }
        return session.map { memory.foreign(to: permit.account, in: $0) }
    }

    /// Whether a request would be another one without its reasoning.
    func helps(_ job: ClaimedJob, on permit: Permit, after rendition: Rendition) -> Bool {
        guard rendition.foreign != .all else { return false }
        if rendition.rebuiltTurns != nil { return true }
        let sent = translated(job, on: permit, rendition.foreign)
        guard let without = translated(job, on: permit, .all) else { return false }
        return sent?.document.bytes != without.document.bytes
    }

    private func translated(_ job: ClaimedJob, on permit: Permit, _ foreign: ForeignReasoning?) -> TranslatedRequest? {
        guard var request = try? CallerRequest(job) else { return nil }
        request.foreign = foreign
        return try? permit.row.adapter.translate(request)
    }

    private func ask(
        _ job: ClaimedJob,
        on permit: Permit,
        _ before: ThreadBefore,
        _ rendition: Rendition
    ) -> Phrased {
        var rendition = rendition
        do {
            var request = try CallerRequest(job)
            request.before = before
            request.foreign = rendition.foreign
            let ask = try permit.row.ask(for: request, model: permit.upstream, attempt: job.attempt)
            rendition.isAsked = true
            rendition.entries = ask.entries
            rendition.dropped = ask.dropped
            rendition.rebuiltTurns = ask.turns
            return .asked(ask, rendition)
        } catch let fault as AdapterFault {
            return .not(.failed(fault.errorClass, message: fault.message), ProviderError(fault), rendition)
        } catch {
            let message = "the stored request can't be read: \(error)"
            return .not(.failed(.invalidRequest, message: message), nil, rendition)
        }
    }

    // MARK: What continues another

    /// The request of a job that takes up another's answer: the provider goes on from the one that it keeps, or is told the thread.
    func phraseThread(
        _ job: ClaimedJob,
        behind ancestry: Ancestry,
        on permit: Permit,
        in session: UInt64?,
        _ amendments: Set<Amendment>
    ) async -> Phrased {
        var rendition = Rendition(foreign: foreign(on: permit, in: session, amendments))
        // Who can't go on from an answer by itself is told the thread, which is read at once then.
        let goesOn = mayGoOn(from: job, permit, amendments)
        let known = await lineage(of: job, behind: ancestry, readsBodies: !goesOn)
        let jobs: [Ancestor]
        switch known {
        case .success(let found): jobs = found
        case .failure(let fault): return .not(fault.end, fault.refusal, rendition)
        }
        guard let parent = jobs.last else { return .gone(rendition) }
        rendition.history = parent.account
        guard permit.choice.mayBeTold(historyOf: parent.account) else {
            return .not(
                .passedOver(message: LineageFault.elsewhere),
                LineageFault.refusal(LineageFault.elsewhere),
                rendition
            )
        }
        guard goesOn else { return await tell(jobs, to: job, on: permit, amendments, rendition) }
        if let id = keptAnswer(of: parent, on: permit) {
            var passedOn = rendition
            passedOn.isPassedOn = true
            let phrased = ask(job, on: permit, .kept(id: id), passedOn)
            guard case .asked(let ask, _) = phrased, ask.needsThread else { return phrased }
        }
        switch await lineage(of: job, behind: ancestry, readsBodies: true) {
        case .success(let whole): return await tell(whole, to: job, on: permit, amendments, rendition)
        case .failure(let fault): return .not(fault.end, fault.refusal, rendition)
        }
    }

    /// Whether the provider may still have an answer in a job's format.
    private func mayGoOn(from job: ClaimedJob, _ permit: Permit, _ amendments: Set<Amendment>) -> Bool {
        permit.row.statePolicy.mayKeep && permit.row.formats.contains(job.format)
            && !amendments.contains(.threadTold) && !memory.isForgetful(permit.account, at: time.uptime())
    }

    private func keptAnswer(of parent: Ancestor, on permit: Permit) -> String? {
        guard parent.format == .openAIResponses else { return nil }
        return KeptAnswer.id(of: parent, at: permit.account, permit.row.statePolicy, at: time.now())
    }

    /// Tells the thread with the request.
    ///
    /// A call's task prefers its connection's loop, which serves others as well: a long thread is put together on Swift's own threads.
    private func tell(
        _ jobs: [Ancestor],
        to job: ClaimedJob,
        on permit: Permit,
        _ amendments: Set<Amendment>,
        _ rendition: Rendition
    ) async -> Phrased {
        // What is read, and what is made of it.
        let bytes = 2 * jobs.reduce(0) { $0 + $1.input.count + $1.result.count + ($1.log?.bytes.count ?? 0) }
        guard held.take(bytes) else {
            return .not(
                .starved(message: "there is no memory for the thread before the request now"),
                nil,
                rendition
            )
        }
        defer { held.giveBack(bytes) }
        return await withTaskExecutorPreference(globalConcurrentExecutor) {
            // What another account could not verify is told as if it were another's.
            let account = amendments.contains(.withoutReasoning) ? "" : permit.account
            let turns = jobs.map { ThreadTurn($0, for: account) }
            return ask(job, on: permit, .told(turns, limit: limit), rendition)
        }
    }

    private func lineage(
        of job: ClaimedJob,
        behind ancestry: Ancestry,
        readsBodies: Bool
    ) async -> Result<[Ancestor], LineageFault> {
        // The log of a stream is longer than what was said in it. What is only looked through may be of any length.
        let limits = LineageLimits(
            turns: readsBodies ? ThreadTurn.most : .max,
            bytes: 2 * limit,
            readsBodies: readsBodies
        )
        do throws(StoreError) {
            switch try await store.lineage(of: ancestry.previous, owner: job.owner, atMost: limits) {
            case .whole(let jobs): return .success(jobs)
            case .tooLong: return .failure(.tooLong)
            case .tooLarge: return .failure(.tooLarge(limit: limit))
            case .broken: return .failure(.gone)
            }
        } catch {
            return .failure(.unread)
        }
    }
}

extension Phrased {
    fileprivate static func gone(_ rendition: Rendition) -> Phrased {
        .not(LineageFault.gone.end, LineageFault.gone.refusal, rendition)
    }
}

extension Permit {
    /// See ``AccountID``.
    fileprivate var account: String { member.accountID.description }
}

extension CallerRequest {
    /// What the caller of a job asked for.
    ///
    /// - Throws: `JSONError` for what is stored and can't be read.
    fileprivate init(_ job: ClaimedJob) throws {
        self.init(
            operation: job.operation,
            format: job.format,
            stream: job.stream,
            model: job.model,
            document: try job.input.document,
            headers: try job.input.fields.map { try [HeaderField](json: $0) } ?? []
        )
    }
}

extension ProviderError {
    /// What is wrong with a request that can't be put into the provider's format; nil where nothing is said of a member.
    fileprivate init?(_ fault: AdapterFault) {
        guard fault.parameter != nil || fault.code != nil else { return nil }
        self.init(fault.errorClass, fault.message, code: fault.code, parameter: fault.parameter)
    }
}
