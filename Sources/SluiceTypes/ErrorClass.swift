/// Why a job or an attempt failed, in the gateway's own words: one set for every provider.
public enum ErrorClass: String, Sendable, CaseIterable, Error {
    case invalidRequest
    case tokenLimit
    case invalidModel
    case authentication
    case permission
    case quota
    case rateLimit
    case overloaded
    case server
    case timeout
    case network
    case malformedResponse
    /// Where the provider should be, something else answers.
    case misconfigured
    case contentFilter
    case interrupted
    case expired
    case poison
    /// What is stored of the job can't be read.
    case corrupt
    case cancelled
    /// What the job continues was deleted while it waited.
    case previousGone
    case unknown
}

/// What may help a job that failed, or nothing.
public enum Remedy: Sendable, Hashable {
    /// Time, which the provider asks for.
    case patience
    /// Time where the provider asks for it, else another try.
    case patienceOrRetry
    /// Another try.
    case retry
    /// Another credential.
    case otherCredential
    /// Another account.
    case otherAccount
    /// Another row.
    case otherRow
    /// Another row, until an operator has mended this one.
    case mending
    /// Another model.
    case otherModel
    /// Nothing.
    case none
}

// What follows from each, and how it is told: a new word has its place in each of these, and, where callers of OpenAI's
// protocol may meet it, in their table of statuses.
extension ErrorClass {
    /// What may help.
    public var remedy: Remedy {
        switch self {
        case .rateLimit: .patience
        case .overloaded: .patienceOrRetry
        case .server, .network, .malformedResponse, .timeout, .unknown, .interrupted: .retry
        case .authentication, .quota: .otherCredential
        case .permission: .otherAccount
        case .invalidModel: .otherRow
        case .misconfigured: .mending
        case .tokenLimit: .otherModel
        case .invalidRequest, .contentFilter, .expired, .poison, .corrupt, .cancelled, .previousGone: .none
        }
    }

    /// True for what this very request caused: another row may say otherwise of it, and other requests don't meet it.
    public var isAboutRequest: Bool {
        switch self {
        case .invalidRequest, .tokenLimit, .invalidModel, .permission, .contentFilter: true
        case .authentication, .quota, .rateLimit, .overloaded, .server, .timeout, .network, .malformedResponse,
            .misconfigured, .interrupted, .expired, .poison, .corrupt, .cancelled, .previousGone, .unknown:
            false
        }
    }

    /// The original API's four causes.
    public var originalCause: String {
        switch self {
        case .tokenLimit: "TOKEN_LIMIT"
        case .invalidModel: "INVALID_MODEL"
        case .rateLimit, .quota: "RATE_LIMIT"
        default: "UNKNOWN"
        }
    }

    /// What is said when no provider said anything.
    public var sentence: String {
        switch self {
        case .invalidRequest: "The provider refused the request as invalid."
        case .tokenLimit: "The prompt and its answer need more tokens than the model has."
        case .invalidModel: "No provider knows the model."
        case .authentication: "The provider refused the gateway's credential."
        case .permission: "The gateway's credential may not use this model."
        case .quota: "The gateway's account with the provider is used up."
        case .rateLimit: "The provider asked for patience for too long."
        case .overloaded: "The provider is overloaded."
        case .server: "The provider failed."
        case .timeout: "The provider did not answer in time."
        case .network: "The provider could not be reached."
        case .malformedResponse: "The provider's answer could not be read."
        case .misconfigured: "Where the provider should be, something else answered."
        case .contentFilter: "The provider's content filter refused the prompt or its answer."
        case .interrupted:
            "The gateway stopped while the prompt ran, and nobody can tell whether the provider answered."
        case .expired: "The deadline passed before the prompt could be answered."
        case .corrupt: "What is stored of the prompt can't be read; tell the gateway's operator."
        case .poison: "The gateway stopped again and again while this prompt ran, so it was given up."
        case .cancelled: "The prompt was cancelled."
        case .previousGone: "What it continues was deleted before it could be answered."
        case .unknown: "The cause is not known."
        }
    }
}
