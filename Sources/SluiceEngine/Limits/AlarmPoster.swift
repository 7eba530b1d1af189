import Logging
import SluiceJSON
import SluiceMoney
import SluiceProvider
import SluiceStore
import SluiceTypes

/// Tells an address of the operator's that budgets have reached 80 and 100 %: each is tried for an hour, over restarts too.
///
/// The store knows of which marks somebody was told; one that is delivered just before a crash may be delivered again.
final class AlarmPoster: Sendable {
    /// How long an answer may be in coming.
    private static let patience = Duration.seconds(10)
    /// The longest answer that is read, in bytes.
    private static let mostBytes = 1 << 16
    /// For how long one is tried.
    private static let longest = Duration.seconds(3600)
    /// The wait behind the first failure of one, and the longest.
    private static let pauses = (first: Duration.seconds(5), longest: Duration.seconds(300))

    /// What was tried of one, in this life.
    private struct Trial {
        var begun: Duration
        var failures: Int
        var nextAt: Duration
    }

    private struct Key: Hashable {
        var account: String
        var begin: Timestamp
        var mark: Int
    }

    private let store: any Store
    private let transport: any Transport
    /// Nil where nobody is to be told.
    private let url: Secret?
    private let time: EngineTime
    private let logger: Logger
    private let bell = Doorbell()

    init(store: any Store, transport: any Transport, url: Secret?, time: EngineTime, logger: Logger) {
        self.store = store
        self.transport = transport
        self.url = url
        self.time = time
        self.logger = logger
    }

    /// A mark was reached, or the engine stops.
    func look() { bell.ring() }

    /// Tells until the engine stops.
    func run(until phase: PhaseGate) async {
        guard let url else { return }
        var trials: [Key: Trial] = [:]
        while !phase.isStopping, !Task.isCancelled {
            var next: Duration?
            do throws(StoreError) {
                try await tell(url, &trials, phase)
                next = trials.values.map(\.nextAt).min()
            } catch {
                logger.warning("alarms of budgets can't be read; it is repeated", metadata: ["error": "\(error)"])
                next = time.uptime() + Self.pauses.longest
            }
            guard !phase.isStopping else { return }
            if let next { await bell.wait(until: next, time) } else { await bell.wait() }
        }
    }

    private func tell(_ url: Secret, _ trials: inout [Key: Trial], _ phase: PhaseGate) async throws(StoreError) {
        let due = try await store.alarms(notOverAt: time.now().adding(.zero - Self.longest))
        let keys = Set(due.map { Key(account: $0.account, begin: $0.window.begin, mark: $0.told) })
        trials = trials.filter { keys.contains($0.key) }
        let limits = due.isEmpty ? [] : try await store.limits()
        for record in due where !phase.isStopping {
            let key = Key(account: record.account, begin: record.window.begin, mark: record.told)
            let now = time.uptime()
            var trial = trials[key] ?? Trial(begun: now, failures: 0, nextAt: now)
            guard trial.nextAt <= now else { continue }
            let known = limits.first { $0.account == record.account && $0.sharedWith == nil }
            let fault = try await fault(of: record, known, url)
            guard let fault else {
                try await store.noteAlarmed(record)
                trials[key] = nil
                continue
            }
            trial.failures += 1
            guard time.uptime() - trial.begun < Self.longest else {
                logger.error("an alarm was not taken within an hour, and is given up", metadata: note(record, fault))
                try await store.noteAlarmed(record)
                trials[key] = nil
                continue
            }
            if trial.failures == 1 {
                logger.warning("an alarm was not taken, and is tried for an hour", metadata: note(record, fault))
            }
            trial.nextAt =
                time.uptime() + min(Self.pauses.first * (1 << min(trial.failures - 1, 6)), Self.pauses.longest)
            trials[key] = trial
        }
    }

    private func note(_ record: SpendRecord, _ fault: String) -> Logger.Metadata {
        ["account": "\(record.account)", "percent": "\(record.told)", "reason": "\(fault)"]
    }

    /// Why an alarm was not taken; nil where it was, or is about nobody any more.
    private func fault(of record: SpendRecord, _ known: LimitRecord?, _ url: Secret) async throws(StoreError) -> String?
    {
        guard let known, let budget = known.limits.budget else { return nil }
        let body = try await body(record, known.subject, budget)
        let call = url.reveal { url in
            OutgoingCall(
                url: url,
                method: "POST",
                headers: [HeaderField("content-type", "application/json")],
                body: body,
                secretHeader: nil,
                // The address is the operator's own.
                policy: EndpointPolicy(allowPlainHTTP: true, allowPrivate: true),
                timeouts: CallTimeouts(
                    connect: Self.patience / 2,
                    firstByte: Self.patience,
                    idle: Self.patience,
                    total: Self.patience
                ),
                answerLimit: Self.mostBytes
            )
        }
        do throws(TransportError) {
            let answer = try await BriefCall(call).answer(over: transport)
            return answer.isGood ? nil : "it was answered with status \(answer.status)"
        } catch {
            // Not its sentence, which may have the address in it.
            return "the call ended with \(error.kind.rawValue)"
        }
    }

    private func body(
        _ record: SpendRecord,
        _ subject: LimitSubject,
        _ budget: SpendingLimits.Budget
    ) async throws(StoreError) -> [UInt8] {
        var token: TokenRecord?
        var owner: OwnerRecord?
        switch subject {
        case .owner(let id): owner = try await store.owner(id)
        case .token(let id):
            token = try await store.token(id)
            if let token { owner = try await store.owner(token.owner) }
        }
        let name = owner?.name ?? record.account
        let who = token.map { "token \($0.id) of \(name)" } ?? name
        let amounts = (budget: Money(nanoUSD: budget.amount), spent: Money(nanoUSD: record.counted))
        let text = """
            \(who) has used \(record.told) % of its budget: \(amounts.spent) of \(amounts.budget) USD \
            \(record.window.end.map { "until \($0)" } ?? "for ever")
            """
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("event", "budget.reached")
                writer.member("percent", record.told)
                writer.member("owner", name)
                writer.member("ownerId", owner?.id.rawValue)
                writer.member("token", token?.id.rawValue)
                writer.member("budgetUSD", amounts.budget.description)
                writer.member("spentUSD", amounts.spent.description)
                writer.member("per", budget.period.description)
                writer.member("windowBegin", record.window.begin.description)
                writer.member("windowEnd", record.window.end?.description)
                // What chat services show of a hook.
                writer.member("text", text)
            }
        }
    }
}
