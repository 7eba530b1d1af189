import SluiceProvider
import SluiceStore
import SluiceTypes

// What calls teach about rows.
extension Router {
    /// The provider answered a call of `owner`: its window, its breaker and its credential are in order.
    mutating func noteAnswer(_ permit: Permit, to owner: OwnerID, at uptime: Duration) {
        withRow(permit) { row in
            row.noteAnswer(permit.credential)
            row.change(permit.upstream, at: uptime) { state in
                state.window.noteAnswer()
                state.breaker.noteAnswer(to: owner, at: uptime)
            }
        }
    }

    /// The provider asked for patience, for `pause` where it said how long.
    ///
    /// Returns how long the row stays closed for the model.
    mutating func noteRateLimit(_ permit: Permit, pause: Duration?, at uptime: Duration) -> Duration {
        let guess = settings.rateLimitPause
        let closed = withRow(permit) { row in
            row.change(permit.upstream, at: uptime) { $0.window.close(for: pause, guessing: guess, at: uptime) }
        }
        return closed ?? pause ?? guess
    }

    /// A call failed, and it may be the provider's fault.
    ///
    /// Returns how long the row rests for the model: nil when it goes on.
    mutating func noteFailure(_ permit: Permit, of job: ClaimedJob, at uptime: Duration) -> Duration? {
        let rest = withRow(permit) { row in
            row.change(permit.upstream, at: uptime) { state in
                state.breaker.noteFailure(of: job.id, job.owner, probe: permit.breakerProbe, at: uptime)
                return state.breaker.opensIn(at: uptime)
            }
        }
        return rest ?? nil
    }

    /// The provider refused the credential.
    ///
    /// False when that was known before: another job has paid for the news.
    mutating func noteRefusal(_ permit: Permit, reason: String, at uptime: Duration) -> Bool {
        withRow(permit) { $0.refuse(permit.credential, reason: reason, at: uptime) } ?? false
    }
}
