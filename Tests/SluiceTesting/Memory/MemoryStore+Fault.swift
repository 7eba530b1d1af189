extension MemoryStore {
    /// One guard taken out of the store.
    ///
    /// The suite must notice each: a check that can't fail proves nothing.
    package enum Fault: String, Sendable, CaseIterable {
        /// An acknowledged submission is not kept.
        case forgetsSubmitted
        /// Queued and running jobs are purged once they are old.
        case purgesTheLiving
        /// A redrive brings back any ended job.
        case revivesTerminal
        /// A repeated success replaces the result.
        case overwritesResult
        /// A redrive starts the epochs anew.
        case lowersEpoch
        /// A zombie may settle a job that runs again.
        case ignoresEpoch
        /// The result carries the number of another epoch.
        case stampsAnotherEpoch
        /// Failures and interrupts are not counted.
        case countsNothing
        /// A step to another row writes no attempt.
        case forgetsAttempt
        /// The same job is handed out again and again.
        case claimsTwice
        /// Orphans are left where they are.
        case leavesOrphans
        /// A rescue takes jobs that are not running.
        case rescuesAnyState
        /// A rescue takes its own jobs too.
        case rescuesItsOwn
        /// Idempotency keys are not looked up.
        case ignoresIdempotency
        /// A key is looked up, its fingerprint is not.
        case ignoresFingerprint
        /// Every owner reads and cancels every job.
        case leaksOwners
        /// Jobs that are not due are claimed.
        case claimsEarly
        /// The owner with the oldest jobs gets every place.
        case ownersTakeNoTurns
        /// What a zombie brought is thrown away.
        case dropsLateAnswers
        /// Bodies stay after their deletion.
        case keepsBodies
        /// What is to be kept for a moment only stays.
        case keepsBriefBodies
        /// A job may continue one that can't be continued.
        case takesAnyParent
        /// A job is purged while others of its thread are kept.
        case purgesAncestors
        /// What is told of an attempt again is added to what was told before.
        case postsTwice
        /// A line that has its price gets another one.
        case overwritesPrices
        /// What a provider told in its own words stays after a deletion.
        case keepsWords
        /// What is counted is added to no budget.
        case spendsNothing
        /// What an attempt may use and cost is not written down.
        case forgetsStakes
        /// A deletion lets the queued jobs wait that continue the deleted one.
        case withdrawsNobody

        /// The guarantee of `docs/jobs.md` that falls; nil for what only docstrings promise.
        package var guarantee: String? {
            switch self {
            case .forgetsSubmitted, .purgesTheLiving: "I1"
            case .revivesTerminal: "I2"
            case .overwritesResult: "I3"
            case .lowersEpoch: "I4"
            case .ignoresEpoch, .stampsAnotherEpoch: "I5"
            case .countsNothing: "I6"
            case .forgetsAttempt: "I7"
            case .leavesOrphans, .rescuesAnyState, .rescuesItsOwn: "I8"
            case .ignoresIdempotency, .ignoresFingerprint: "I9"
            case .leaksOwners: "I10"
            case .claimsTwice, .claimsEarly, .ownersTakeNoTurns, .dropsLateAnswers, .keepsBodies, .keepsBriefBodies,
                .takesAnyParent, .postsTwice, .overwritesPrices, .keepsWords,
                .spendsNothing, .forgetsStakes, .purgesAncestors,
                .withdrawsNobody:
                nil
            }
        }
    }
}
