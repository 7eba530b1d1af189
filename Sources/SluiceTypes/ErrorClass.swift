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
    case cancelled
    case unknown
}
