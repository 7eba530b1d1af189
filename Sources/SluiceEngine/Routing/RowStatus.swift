package import SluiceTypes

/// A provider row as operators see it.
package struct RowStatus: Sendable, Hashable {
    package var name: String
    package var adapterID: String
    package var operations: [Operation]
    package var patterns: [String]
    package var listed: [String]
    package var baseURL: String?
    /// The slots of its credentials, with what is wrong with each; never a value.
    package var credentials: [CredentialStatus]
    package var concurrency: Int
    package var running: Int
    /// Why it takes no calls now, with what to do; nil when it does.
    package var unavailable: String?
    /// False for a row that lacks what only the operator can give it, and never had it.
    package var isSetUp: Bool
    /// The models that take no calls now, though the row does.
    package var models: [ModelStatus]

    /// A model that takes no calls now.
    package struct ModelStatus: Sendable, Hashable {
        /// The name that the provider knows.
        package var model: String
        /// Until when the provider has asked for patience.
        package var closedUntil: Timestamp?
        /// When the next call is tried, of one whose calls fail.
        package var restsUntil: Timestamp?

        /// Nil for one that takes calls.
        init?(_ model: String, _ state: ModelState, at uptime: Duration, _ now: Timestamp) {
            self.model = model
            closedUntil = state.window.closedFor(at: uptime).map { now.adding($0) }
            restsUntil = state.breaker.opensIn(at: uptime).map { now.adding($0) }
            if closedUntil == nil, restsUntil == nil { return nil }
        }
    }

    package struct CredentialStatus: Sendable, Hashable {
        package var slot: String
        package var problem: String?

        package init(slot: String, problem: String?) {
            self.slot = slot
            self.problem = problem
        }
    }

    package init(
        name: String,
        adapterID: String,
        operations: [Operation],
        patterns: [String],
        listed: [String],
        baseURL: String?,
        credentials: [CredentialStatus],
        concurrency: Int,
        running: Int,
        unavailable: String?,
        isSetUp: Bool,
        models: [ModelStatus]
    ) {
        self.name = name
        self.adapterID = adapterID
        self.operations = operations
        self.patterns = patterns
        self.listed = listed
        self.baseURL = baseURL
        self.credentials = credentials
        self.concurrency = concurrency
        self.running = running
        self.unavailable = unavailable
        self.isSetUp = isSetUp
        self.models = models
    }
}
