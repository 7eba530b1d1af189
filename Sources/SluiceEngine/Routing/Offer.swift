package import SluiceTypes

/// Whether a model can be asked for now.
package enum Offer: Sendable, Hashable {
    /// Some row serves it and has what it needs.
    case served
    /// No row serves this operation at all; these are served.
    case unknownOperation(served: [Operation])
    /// No row of this operation serves the model. `allowed` are the names and patterns that are served.
    case unknownModel(allowed: [String], nearest: String?)
    /// Rows serve it, but each lacks something: the first of them, and what it lacks, with what to do.
    case unavailable(row: String, reason: String)
}

/// Why a queued job is not running, and when it will be tried at the earliest.
package struct Waiting: Sendable, Hashable {
    /// One clause for the caller; nil when it merely waits for its turn or its time.
    package var reason: String?
    package var nextAttemptAt: Timestamp?

    package init(reason: String?, nextAttemptAt: Timestamp?) {
        self.reason = reason
        self.nextAttemptAt = nextAttemptAt
    }
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
    package var models: [String]
    package var listed: [String]
    package var baseURL: String?
    /// The slots of its credentials, with what is wrong with each; never a value.
    package var credentials: [CredentialStatus]
    package var concurrency: Int
    package var running: Int
    /// Why it takes no calls now, with what to do; nil when it does.
    package var unavailable: String?
    /// Until when the provider has asked for patience.
    package var closedUntil: Timestamp?

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
        models: [String],
        listed: [String],
        baseURL: String?,
        credentials: [CredentialStatus],
        concurrency: Int,
        running: Int,
        unavailable: String?,
        closedUntil: Timestamp?
    ) {
        self.name = name
        self.adapterID = adapterID
        self.operations = operations
        self.models = models
        self.listed = listed
        self.baseURL = baseURL
        self.credentials = credentials
        self.concurrency = concurrency
        self.running = running
        self.unavailable = unavailable
        self.closedUntil = closedUntil
    }
}
