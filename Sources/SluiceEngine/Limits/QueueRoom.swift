import SluiceStore
import SluiceTypes
import Synchronization

/// Lets jobs into the queue as long as their owners, and their tokens, have room there: by what the store has added up, and what is on its
/// way into it.
final class QueueRoom: Sendable {
    /// What may wait of a subject.
    struct Limit: Sendable {
        /// By whose ids it is added up: an owner's, or those of a token and of all that share its limits.
        var accounts: [String]
        var jobs: Int64?
        var bytes: Int64?
        var isToken: Bool
        /// Those that refuse nobody.
        var onTrial: Set<SpendingLimits.Kind>
    }

    /// As much may wait of anybody of whom nothing else is said, so that one caller can't fill the disk.
    static let usual = (jobs: Int64(1_000_000), bytes: Int64(8) << 30)

    private struct State {
        var isLoaded = false
        var stored: [String: QueueSize] = [:]
        /// Submissions that are not answered yet.
        var pending: [String: QueueSize] = [:]
    }

    private let state = Mutex(State())

    /// Takes what waits, of all; only once, since more may have been told of some by then.
    func load(_ sizes: [String: QueueSize]) {
        state.withLock { state in
            guard !state.isLoaded else { return }
            state.stored = sizes
            state.isLoaded = true
        }
    }

    /// The store has committed what waits of some, or of all.
    func note(_ sizes: [String: QueueSize], isWhole: Bool = false) {
        guard isWhole || !sizes.isEmpty else { return }
        state.withLock { state in
            if isWhole { state.stored = [:] }
            for (account, size) in sizes { state.stored[account] = size.jobs == 0 ? nil : size }
        }
    }

    /// Takes room for a job, until ``leave(_:)``; or says why there is none, and which limits that are tried would have said so.
    func enter(_ job: NewJob, _ limits: [Limit]) -> (refusal: LimitRefusal?, tried: [(Limit, SpendingLimits.Kind)]) {
        let own = QueueSize(jobs: 1, bytes: Int64(job.input.byteCount))
        return state.withLock { state in
            var tried: [(Limit, SpendingLimits.Kind)] = []
            for limit in limits {
                let size = limit.accounts.reduce(own) { size, account in
                    size + (state.stored[account] ?? QueueSize()) + (state.pending[account] ?? QueueSize())
                }
                for (kind, refusal) in limit.refusals(of: size, own) {
                    guard limit.onTrial.contains(kind) else { return (refusal, tried) }
                    tried.append((limit, kind))
                }
            }
            for account in job.queueAccounts { state.pending[account] = (state.pending[account] ?? QueueSize()) + own }
            return (nil, tried)
        }
    }

    /// A submission for which room was taken is answered.
    func leave(_ job: NewJob) {
        let own = QueueSize(jobs: 1, bytes: Int64(job.input.byteCount))
        state.withLock { state in
            for account in job.queueAccounts {
                let left = (state.pending[account] ?? QueueSize()) - own
                state.pending[account] = left.jobs <= 0 ? nil : left
            }
        }
    }
}

extension NewJob {
    /// By whose ids it is counted among what waits.
    fileprivate var queueAccounts: [String] { [owner.rawValue, facts.token?.rawValue].compactMap(\.self) }
}

extension QueueRoom.Limit {
    /// What is said of whoever's these are.
    init(_ own: SpendingLimits, of accounts: [String], isToken: Bool) {
        self.init(
            accounts: accounts,
            jobs: own.queued,
            bytes: own.queuedBytes,
            isToken: isToken,
            onTrial: own.onTrial
        )
    }

    /// What holds of an owner as far as nothing else is said, or what is said is only tried.
    init(of owner: OwnerID, _ own: SpendingLimits?) {
        let holds = { (kind: SpendingLimits.Kind, limit: Int64?) in limit != nil && own?.onTrial.contains(kind) == false
        }
        self.init(
            accounts: [owner.rawValue],
            jobs: holds(.queued, own?.queued) ? nil : QueueRoom.usual.jobs,
            bytes: holds(.queuedBytes, own?.queuedBytes) ? nil : QueueRoom.usual.bytes,
            isToken: false,
            onTrial: []
        )
    }

    /// Why a queue may not become so large, by its jobs and by its bytes; none where it may.
    fileprivate func refusals(of size: QueueSize, _ own: QueueSize) -> [(SpendingLimits.Kind, LimitRefusal)] {
        let sides: [(SpendingLimits.Kind, Int64?, Int64, Int64, String)] = [
            (.queued, jobs, size.jobs, own.jobs, "queued jobs"),
            (.queuedBytes, bytes, size.bytes, own.bytes, "queued bytes"),
        ]
        return sides.compactMap { kind, limit, all, one, name in
            guard let limit, all > limit else { return nil }
            let never = one > limit
            let refusal = LimitRefusal(
                reason: never ? .never(kind) : .queueFull,
                isToken: isToken,
                limit: "\(limit) \(name)",
                need: kind == .queuedBytes ? "\(one) bytes" : nil,
                wait: never ? nil : .seconds(60)
            )
            return (kind, refusal)
        }
    }
}
