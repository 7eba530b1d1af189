package import SluiceTypes

/// Whether a model can be asked for now.
package enum Offer: Sendable, Hashable {
    /// Some row serves it and has what it needs.
    case served
    /// No row serves this operation at all; these are served.
    case unknownOperation(served: [Operation])
    /// No row of this operation serves the model. `allowed` are the names and patterns that are served.
    case unknownModel(allowed: [String], nearest: String?)
    /// Rows serve it, but each lacks something that only the operator can give it: the first of them.
    case unavailable(row: String)
}

/// Why a queued job is not running, and when it will be tried at the earliest.
package struct Waiting: Sendable, Hashable {
    /// One clause for the caller; nil when it merely waits for its turn or its time.
    package var reason: String?
    /// The same for operators: it may name variables and files.
    package var detail: String?
    package var nextAttemptAt: Timestamp?

    package init(reason: String?, detail: String? = nil, nextAttemptAt: Timestamp?) {
        self.reason = reason
        self.detail = detail ?? reason
        self.nextAttemptAt = nextAttemptAt
    }
}

extension Waiting {
    /// The same with the reason as operators see it.
    package var forOperators: Waiting { Waiting(reason: detail, nextAttemptAt: nextAttemptAt) }
}

/// The models that a row shows to who asks for a list.
package struct ModelList: Sendable, Hashable {
    package var row: String
    package var operations: Set<Operation>
    package var names: [String]
}

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
