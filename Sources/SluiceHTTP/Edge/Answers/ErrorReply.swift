import HTTPTypes
import Hummingbird

/// An error in the envelope of a surface.
struct ErrorReply: Sendable {
    var status: HTTPResponse.Status
    /// The media type of ``body``.
    var type = "application/json"
    var body: [UInt8]
    var headers: HTTPFields = [:]

    var response: Response {
        var response = Response.json(status, body, type: type)
        response.headers.append(contentsOf: headers)
        return response
    }
}
