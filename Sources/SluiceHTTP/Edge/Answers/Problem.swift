import HTTPTypes
import Hummingbird
import NIOCore
import SluiceJSON

/// An error as a caller sees it: RFC 9457's problem details.
struct Problem: Error {
    var status: HTTPResponse.Status
    /// The last part of `type`: one word per kind of trouble.
    var code: String
    /// One sentence with what to do.
    var detail: String
    var faults: [Fault] = []
    var headers: HTTPFields = [:]

    init(
        _ status: HTTPResponse.Status,
        _ code: String,
        _ detail: String,
        faults: [Fault] = [],
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.faults = faults
        self.headers = headers
    }

    /// The body; `instance` names the request.
    func body(requestID: String?) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("type", "urn:sluice:problem:\(code)")
                writer.member("title", status.reasonPhrase)
                writer.member("status", status.code)
                writer.member("detail", detail)
                writer.memberIfPresent("instance", requestID.map { "urn:sluice:request:\($0)" })
                guard !faults.isEmpty else { return }
                writer.member("errors", array: { writer in for fault in faults { fault.write(to: &writer) } })
            }
        }
    }

    /// In the envelope of the native API and of the operators'.
    func reply(requestID: String) -> ErrorReply {
        ErrorReply(
            status: status,
            type: "application/problem+json",
            body: body(requestID: requestID),
            headers: headers
        )
    }
}

extension Response {
    /// A whole JSON answer.
    static func json(_ status: HTTPResponse.Status, _ bytes: [UInt8], type: String = "application/json") -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }
}
