#if DEBUG
import Glibc
#endif

/// What the promises of `docs/jobs.md` stand on, by name.
///
/// A test that can't fail proves nothing. So a debug build can be told, by the variable `SLUICE_WITHOUT`, to leave one
/// of these out, and `make mutants` sees which tests notice. A release build has no such switch.
package enum Promise: String, CaseIterable, Sendable {
    /// A settlement counts only while the job carries the claim's epoch.
    case epochFence = "epoch-fence"
    /// A commit waits until the device has it: `synchronous = FULL`, and read back.
    case fullFlush = "full-flush"
    /// An operation is answered after its commit.
    case commitBeforeAnswer = "commit-before-answer"
    /// The operations of a batch that failed are run again one by one.
    case rerunSingly = "rerun-singly"
    /// A submission's idempotency key is looked up.
    case idempotencyLookup = "idempotency-lookup"
    /// A rescue takes jobs that run, and no others.
    case rescueOnlyRunning = "rescue-only-running"
    /// A stored result is never replaced.
    case resultWrittenOnce = "result-written-once"
    /// A request that was begun is never sent again by libcurl itself.
    case sentOnce = "sent-once"
    /// A store whose flush failed answers nothing more.
    case stopAfterFailedFlush = "stop-after-failed-flush"
    /// What the last process left in the WAL is written and flushed anew before the store opens.
    case walTakenInAtStart = "wal-taken-in-at-start"
    /// Before it is taken in, the WAL gives way to a flushed copy, so that the device has what is read.
    case walWrittenAnew = "wal-written-anew"
    /// One process at a time has a data directory open.
    case storeLock = "store-lock"
    /// A store whose files were taken away acknowledges nothing more.
    case storeInPlace = "store-in-place"
    /// A caller sees its own jobs alone.
    case ownerFence = "owner-fence"
    /// A narrowed API token gets nothing else by asking for it.
    case narrowedTokens = "narrowed-tokens"
    /// No byte of an answer leaves for its caller before the call is stored.
    case storedBeforeBytes = "stored-before-bytes"
    /// A stream says that it is done once its answer is stored.
    case doneAfterCommit = "done-after-commit"
    /// No more does it say before that why the model stopped: callers take that for success.
    case finishAfterCommit = "finish-after-commit"
    /// A stream that breaks off has no orderly end.
    case brokenOffUnended = "broken-off-unended"
    /// Where an error is an end like another, its stream ends in an orderly way: else its clients never read it.
    case failureEndsInOrder = "failure-ends-in-order"
    /// One stream tells of one attempt.
    case oneAnswerAStream = "one-answer-a-stream"
    /// Whose clients time events hear events in a silence.
    case silenceByEvents = "silence-by-events"
    /// An answer whose model has not said that it has finished is none.
    case wholeAnswers = "whole-answers"
    /// A call that has sent its caller something goes to no other row.
    case oneRowOnceBegun = "one-row-once-begun"
    /// A call that nobody waits for is closed.
    case closedWhenLeft = "closed-when-left"
    /// A call that was left has one heir.
    case oneHeir = "one-heir"
    /// A failure is handed to nobody who tries again.
    case noFailureInherited = "no-failure-inherited"
    /// A reader who does not keep up is cut.
    case slowReaderCut = "slow-reader-cut"
    /// What comes before a stream's content is held back, since another row may still answer.
    case preambleHeldBack = "preamble-held-back"
    /// A caller who has said that its request is its last may end its sending, and still waits.
    case lastRequestWaits = "last-request-waits"
    /// The connection of an answer that has all its reader wants serves the next call.
    case answerDrained = "answer-drained"

    /// What was never sent is no failure of its job.
    case unsentNeverCounts = "unsent-never-counts"
    /// A failure that met its row at rest is no failure of its job.
    case deferredWhileResting = "deferred-while-resting"
    /// What may have been paid is asked of nobody else.
    case unknownGoesNowhere = "unknown-goes-nowhere"
    /// Owners take turns over all groups of a lane.
    case ownersTakeTurns = "owners-take-turns"

    /// What one owner's calls have met is shut for that owner alone.
    case shutByOwner = "shut-by-owner"
    /// A limit of one model is none of another.
    case windowByModel = "window-by-model"
    /// A suspicion refuses no call.
    case suspicionRefusesNobody = "suspicion-refuses-nobody"
    /// What says who pays for a call is its row's to say, never its caller's.
    case payerOfRow = "payer-of-row"
    /// What is left of an account's allowances its caller is told where the account has one owner, and nowhere else.
    case allowancesOfOneOwner = "allowances-of-one-owner"
    /// Every name of a route has to be allowed.
    case everyNameAllowed = "every-name-allowed"
    /// What names state that a provider holds is asked of an account with one owner.
    case stateOfOneOwner = "state-of-one-owner"

    /// Reasoning that another account has issued is not sent.
    case foreignReasoningCut = "foreign-reasoning-cut"
    /// Earlier turns go to no other account, unless the caller has named its model or the row may be sent them.
    case historyStays = "history-stays"
    /// What is stored of a request is what came, whatever is sent.
    case inputAsReceived = "input-as-received"

    /// A key whose job may have been charged is not handed on.
    case chargedKeyStays = "charged-key-stays"
    /// A job whose key was handed on is not redriven.
    case supersededStaysDead = "superseded-stays-dead"
    /// A job that continues another is stored only while that one is there.
    case parentIsThere = "parent-is-there"
    /// No job of a thread is purged before another one's time is over.
    case threadGoesTogether = "thread-goes-together"
    /// Whatever queues a job tells the line of its group that its owner has something due.
    case turnsNoted = "turns-noted"
    /// What a transaction that came to nothing has told of owners' turns is forgotten.
    case turnsForgotten = "turns-forgotten"
    /// A log that another version wrote is not read.
    case logOfThisVersion = "log-of-this-version"
    /// A job with a word that this version does not know keeps no other job from being read.
    case unknownWordAlone = "unknown-word-alone"
    /// The events of a background response have numbers that tell their attempt.
    case numbersTellAttempt = "numbers-tell-attempt"
    /// A response is found by who asked for it.
    case responsesOfOwner = "responses-of-owner"
    /// An empty finish reason is none.
    case emptyReasonIsNone = "empty-reason-is-none"
    /// What nobody knows the cost of counts as what it likely cost.
    case unknownCounted = "unknown-counted"
    /// Usage that was told before the model had finished is not the whole.
    case usageWhole = "usage-whole"
    /// A line that has its price keeps it.
    case pricedStays = "priced-stays"
    /// What is told of an attempt again takes the place of what was told before, and is not added to it.
    case postedOnce = "posted-once"
    /// A tier begins behind its edge.
    case tierBehindEdge = "tier-behind-edge"
    /// What has a price of its own is taken out of what includes it.
    case chargedOnce = "charged-once"
    /// A tier, a speed or a region changes the price.
    case variantsCount = "variants-count"
    /// A price that was found by a part of the name is told apart from an exact one.
    case partIsApproximate = "part-is-approximate"
    /// A line counts on the day on which its attempt began.
    case dayOfStart = "day-of-start"
    /// A line is priced anew only as it was looked at.
    case repricedAsSeen = "repriced-as-seen"
    /// What a transaction that failed would have added to queues is forgotten.
    case queuesForgotten = "queues-forgotten"
    /// What a transaction that failed would have added to the counts of jobs is forgotten.
    case countsForgotten = "counts-forgotten"
    /// A row that is paused is sent nothing.
    case pausesHold = "pauses-hold"
    /// A name that has series of its own keeps them.
    case namesKeepPlaces = "names-keep-places"
    /// Whoever tells of a span waits for nobody who sends it.
    case spansNeverWait = "spans-never-wait"
    /// What jobs wait for is what the router says.
    case reasonsOfRouter = "reasons-of-router"
    /// What a commit has changed is told after it, and not before.
    case toldAfterCommit = "told-after-commit"
    /// What a call may cost is set aside while it is under way.
    case holdTaken = "hold-taken"
    /// What was set aside for a call is free when that has ended.
    case holdReleased = "hold-released"
    /// A budget's window that has begun is never gone back from.
    case windowsGoForward = "windows-go-forward"
    /// A row is asked only while what is left of a budget suffices for it.
    case eachRowHeld = "each-row-held"

    /// Whether this guard is in place.
    @inlinable package var holds: Bool {
        #if DEBUG
        self != Promise.leftOut
        #else
        true
        #endif
    }

    #if DEBUG
    /// The one that this process does without.
    @usableFromInline
    package static let leftOut: Promise? = {
        guard let name = unsafe getenv("SLUICE_WITHOUT") else { return nil }
        return Promise(rawValue: unsafe String(cString: name))
    }()
    #endif
}
