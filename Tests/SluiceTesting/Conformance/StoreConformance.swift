package import SluiceStore

/// One suite that holds any store to the contract.
///
/// Run each of ``checks`` as a test of its own. Every check opens a fresh store, uses it, and at its end looks whether
/// the guarantees of `docs/jobs.md` still hold of everything the store has acknowledged.
package struct StoreConformance: Sendable {
    /// One promise.
    package struct Check: Sendable, CustomStringConvertible {
        /// A sentence that says what holds.
        package let name: String
        let retention: Retention
        let body: @Sendable (Subject) async throws -> Void

        init(
            _ name: String,
            retention: Retention = .standard,
            _ body: @escaping @Sendable (Subject) async throws -> Void
        ) {
            self.name = name
            self.retention = retention
            self.body = body
        }

        package var description: String { name }
    }

    /// Everything the contract promises.
    package static let checks: [Check] = [
        submitChecks, startChecks, chargedChecks, claimChecks, turnChecks, succeedChecks, zombieChecks, failChecks,
        retryChecks,
        returnChecks, cancelChecks, rescueChecks, redriveChecks, expireChecks, deletionChecks, purgeChecks, keyChecks,
        clockChecks, continuationChecks, lineageChecks, threadChecks, briefChecks, upstreamChecks, ledgerChecks,
        limitChecks, repricingChecks, wordChecks, newsChecks,
        listChecks, openChecks, readChecks, progressChecks, tokenChecks, auditChecks,
    ].flatMap(\.self)

    private let open: @Sendable (Retention) async throws -> any Store

    /// Makes the suite for the stores that `open` opens: each call a new and empty one.
    ///
    /// Whoever opens a store that must be closed closes it after the run.
    package init(_ open: @escaping @Sendable (Retention) async throws -> any Store) {
        self.open = open
    }

    /// Runs one check on a fresh store.
    ///
    /// - Throws: ``ConformanceFailure`` for a broken promise; else what the store threw.
    package func run(_ check: Check) async throws {
        let subject = Subject(try await open(check.retention), retention: check.retention)
        try await check.body(subject)
        try await Invariants.check(subject)
    }
}
