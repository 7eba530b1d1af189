package import SluiceProvider
package import SluiceStore
package import SluiceTypes

/// A provider row as operators see it.
package struct RowStatus: Sendable, Hashable {
    package var name: String
    package var adapterID: String
    package var operations: [Operation]
    /// The formats in which it can be asked.
    package var formats: Set<RequestFormat>
    package var patterns: [String]
    package var listed: [String]
    package var baseURL: String?
    /// Whether its account has one owner, so that requests may name what the provider holds for it.
    package var sharedState: Bool
    /// For how many days the provider keeps responses; nil where it is asked for none.
    package var keepsResponses: Int?
    /// Whether it may be sent what another account has answered, where the file says so.
    package var receivesHistory: Bool?
    /// What it says in `store` in its callers' place, where the file says so.
    package var store: Bool?
    /// What it says of its prices; empty for nothing.
    package var pricing: [String]
    /// The slots of its credentials, with what is wrong with each; never a value.
    package var credentials: [CredentialStatus]
    /// The calls that may run at once, where the file says so.
    package var concurrency: Int?
    /// The most that may run at once.
    package var allowed: Int
    package var running: Int
    /// Calls whose callers wait for a place, or for the end of a window.
    package var waiting: Int
    /// That an operator has paused it; nil where none has.
    package var pause: RowPause?
    /// Why it takes no calls now, with what to do; nil when it does.
    package var unavailable: String?
    /// False for a row that lacks what only the operator can give it, and never had it.
    package var isSetUp: Bool
    /// Where something else than the provider's API answered last, a sentence; the row takes calls all the same.
    package var misconfigured: String?
    /// When the next connection is tried, of one that can't be reached.
    package var awayUntil: Timestamp?
    /// What its provider has said last of what is left, where that is not long ago.
    package var allowances: [Allowance: Int64]
    /// The models that take no calls now, or none of some owner, though the row does.
    package var models: [ModelStatus]

    /// A model that takes no calls now.
    package struct ModelStatus: Sendable, Hashable {
        /// The name that the provider knows; nil for all models of a credential.
        package var model: String?
        /// The slot of the credential that is limited; nil where calls fail with each.
        package var credential: String?
        /// Until when the provider has asked for patience.
        package var closedUntil: Timestamp?
        /// When the next call is tried, of one whose calls fail.
        package var restsUntil: Timestamp?
        /// The one owner whom it concerns; nil for all.
        package var owner: OwnerID?
    }

    package struct CredentialStatus: Sendable, Hashable {
        package var slot: String
        package var problem: String?

        package init(slot: String, problem: String?) {
            self.slot = slot
            self.problem = problem
        }
    }
}
