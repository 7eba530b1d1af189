import SluiceProvider
import SluiceTypes
import Synchronization

/// What this process remembers of conversations, of the latest as many as it has room for: with which account each session spoke
/// last, and which accounts keep no answers.
final class ConversationMemory: Sendable {
    /// So many sessions are remembered.
    static let mostSessions = 16_384
    /// So many accounts.
    static let mostAccounts = 1024
    /// For so long an account that did not have an answer is not asked to go on from another.
    static let forgetfulFor = Duration.seconds(3600)

    private struct State {
        var sessions = RecentValues<UInt64, SpokenWith>(most: mostSessions)
        /// Until which uptime.
        var forgetful = RecentValues<String, Duration>(most: mostAccounts)
    }

    private let state = Mutex(State())

    /// What of the reasoning in a session's next request is foreign to an account.
    func foreign(to account: String, in session: UInt64) -> ForeignReasoning {
        guard Promise.foreignReasoningCut.holds else { return .first(0) }
        return state.withLock { SpokenWith.foreign(to: account, after: $0.sessions[session]) }
    }

    /// A session has an answer.
    func note(_ spoken: SpokenWith, in session: UInt64) {
        state.withLock { $0.sessions[session] = spoken }
    }

    /// Whether an account is known not to keep answers.
    func isForgetful(_ account: String, at uptime: Duration) -> Bool {
        state.withLock { $0.forgetful[account].map { $0 > uptime } ?? false }
    }

    /// An account did not have an answer that it had given.
    func noteForgetful(_ account: String, at uptime: Duration) {
        state.withLock { $0.forgetful[account] = uptime + ConversationMemory.forgetfulFor }
    }
}
