package import SluiceStore
import SluiceTypes
package import Synchronization

/// A store in memory: the contract without a disk.
///
/// It is an implementation like any other and passes `StoreConformance`; tests of everything above the contract run on
/// it. What it holds ends with it.
package final class MemoryStore: Store {
    private let state: Mutex<MemoryState>
    static let secret = [UInt8](repeating: 7, count: 32)
    package var secret: [UInt8] { MemoryStore.secret }
    /// How often somebody looked how a job stands.
    package let progressLooks = Atomic<Int>(0)

    /// Makes an empty store.
    ///
    /// `fault` takes one guard out, to show that the conformance suite notices.
    package init(retention: Retention = .standard, fault: Fault? = nil) {
        state = Mutex(MemoryState(retention: retention, fault: fault))
    }

    private init(_ state: MemoryState) {
        self.state = Mutex(state)
    }

    /// Another store that holds the same; from here on each goes its own way.
    package func copy() -> MemoryStore {
        MemoryStore(state.withLock(\.self))
    }

    /// Trouble that every operation has from now on; nil ends it.
    package func set(outage: Outage?) {
        state.withLock { $0.outage = outage }
    }

    package func checkWritable() async throws(StoreError) {
        try run { _ in }
    }

    /// Carries out one operation, all of it or nothing.
    func run<Answer: Sendable>(
        _ operation: (inout MemoryState) throws(StoreError) -> Answer
    ) throws(StoreError) -> Answer {
        try state.withLock { (state) throws(StoreError) in
            if case .refusing(let error) = state.outage { throw error }
            let lines = state.people.audit.count
            let answer = try operation(&state)
            if case .refusingAfterAudit(let error) = state.outage, state.people.audit.count > lines {
                state.outage = .refusing(error)
            }
            if case .losingAnswers(let error) = state.outage { throw error }
            return answer
        }
    }

    /// Refuses the job of a call, where that is this store's trouble.
    func bearCall() async throws(StoreError) {
        guard case .refusingCalls(let error, let after) = state.withLock(\.outage) else { return }
        await after()
        throw error
    }

    /// Refuses a settlement, where that is this store's trouble.
    func bearSettlement() throws(StoreError) {
        if case .refusingSettlements(let error) = state.withLock(\.outage) { throw error }
    }

    /// What a test can do to a store to see how its users bear it.
    package enum Outage: Sendable {
        /// Nothing is read or written; every operation fails so.
        case refusing(StoreError)
        /// Operations are carried out, and then fail so all the same, as when a commit's answer is lost.
        case losingAnswers(StoreError)
        /// The job of a call is refused once `after` has returned; all else goes well.
        case refusingCalls(StoreError, after: @Sendable () async -> Void)
        /// No claim is settled; all else goes well.
        case refusingSettlements(StoreError)
        /// All goes well until a line has been added to the audit; then it is ``refusing(_:)``.
        case refusingAfterAudit(StoreError)
    }
}
