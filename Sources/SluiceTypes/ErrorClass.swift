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
    case contentFilter
    case interrupted
    case expired
    case poison
    /// What is stored of the job can't be read.
    case corrupt
    case cancelled
    case unknown

    /// True for what this very request caused: another row may say otherwise of it, and other requests don't meet it.
    public var isAboutRequest: Bool {
        switch self {
        case .invalidRequest, .tokenLimit, .invalidModel, .permission, .contentFilter: true
        case .authentication, .quota, .rateLimit, .overloaded, .server, .timeout, .network, .malformedResponse,
            .interrupted, .expired, .poison, .corrupt, .cancelled, .unknown:
            false
        }
    }
}
