import HTTPTypes
import Hummingbird
import SluiceTypes

/// What the callers of one protocol see.
///
/// It stands in the route table, which alone tells the surface of a path; guards, error pages, authorisation and the
/// surface's own code ask it.
final class APISurface: Sendable {
    typealias Envelope = @Sendable (_ problem: Problem, _ requestID: String) -> ErrorReply
    typealias CallEnvelope = @Sendable (_ error: CallError, _ requestID: String) -> ErrorReply

    /// Paths that two surfaces have in common.
    struct Shared: Sendable {
        /// The field by which its clients are told from the other's.
        let field: HTTPField.Name
        let prefixes: [String]
    }

    /// For whoever reads the log.
    let name: String
    /// The paths whose errors are told in its envelope, whether anything is there or not.
    ///
    /// A path belongs to the longest that it begins with. One that ends in `/` stands for all that begins so, any other
    /// for itself and what is below it.
    let prefixes: [String]
    /// Paths of another surface that are its too, for some requests.
    let shared: Shared?
    /// How it tells an error of the request with an id.
    let envelope: Envelope
    /// How it tells why a call has no answer.
    let callEnvelope: CallEnvelope
    /// The most bytes of a body.
    let bodyLimit: Int
    /// The header fields in which an API token may stand; the first that is there counts.
    let tokenFields: [HTTPField.Name]
    /// The field in which its clients look for a request's id, beside ours; nil for none.
    let requestIDField: HTTPField.Name?
    /// A clause for who asks for a path at which there is nothing.
    let waysIn: String
    /// The path with which the base URL of its clients ends; nil where there is no such thing.
    let base: String?
    let routes: [Route]

    init(
        name: String,
        prefixes: [String],
        shared: Shared? = nil,
        envelope: @escaping Envelope = { $0.reply(requestID: $1) },
        callEnvelope: @escaping CallEnvelope = { Problem($0).reply(requestID: $1) },
        bodyLimit: Int,
        tokenFields: [HTTPField.Name] = [.authorization],
        requestIDField: HTTPField.Name? = nil,
        waysIn: String = "",
        base: String? = nil,
        routes: [Route] = []
    ) {
        self.name = name
        self.prefixes = prefixes
        self.shared = shared
        self.envelope = envelope
        self.callEnvelope = callEnvelope
        self.bodyLimit = bodyLimit
        self.tokenFields = tokenFields
        self.requestIDField = requestIDField
        self.waysIn = waysIn
        self.base = base
        self.routes = routes
    }

    /// Of a request that nobody has looked at yet.
    static let none = APISurface(name: "none", prefixes: [], bodyLimit: 0)

    /// `response` with the request's id where the surface's clients look for it.
    func naming(_ requestID: String, in response: Response) -> Response {
        guard let requestIDField, !response.headers.contains(requestIDField) else { return response }
        var response = response
        response.headers[requestIDField] = requestID
        return response
    }

    /// How many bytes of `path` the longest of its prefixes takes, in a request with `headers`; nil where none does.
    func claim(of path: Substring, _ headers: HTTPFields) -> Int? {
        var longest: Int?
        let shared = shared.flatMap { headers[$0.field] == nil ? nil : $0.prefixes } ?? []
        for prefix in prefixes + shared where APISurface.begins(path, with: prefix) {
            longest = max(longest ?? 0, prefix.utf8.count)
        }
        return longest
    }

    private static func begins(_ path: Substring, with prefix: String) -> Bool {
        guard path.utf8.starts(with: prefix.utf8) else { return false }
        let rest = path.utf8.dropFirst(prefix.utf8.count)
        return prefix.utf8.last == UInt8(ascii: "/") || rest.isEmpty || rest.first == UInt8(ascii: "/")
    }
}
