import HTTPTypes
import SluiceJSON
import SluiceTypes

/// What the calls of one wire protocol have of their own; what holds of calls on every surface is ``CallAPI``'s.
protocol CallSurface: Sendable {
    /// Its word in a stored job.
    var surface: Surface { get }

    /// The shape in which its callers read errors: a provider's own error passes where it has the same.
    var envelope: ErrorEnvelope { get }

    /// How the body of a request for `operation` is read.
    func format(of operation: Operation) -> RequestFormat

    /// The members of a body that the gateway itself needs, checked.
    ///
    /// - Throws: ``CallFault`` for the first that can't be.
    func fields(of root: JSONValue, for operation: Operation) throws(CallFault) -> CallFields

    /// The header fields by which its clients name their conversations, the most telling first.
    var sessionFields: [HTTPField.Name] { get }

    /// The name that a body gives its conversation; nil where it gives none.
    func session(in root: JSONValue) -> String?

    /// Everything of a body up to the end of the first message of a user, in pieces: by it a conversation without a name is known.
    func opening(of root: JSONValue) -> [JSONValue]

    /// What writes the stream of `call`, which is the job `id`, for the request with another id.
    func writer(of call: ParsedCall, as id: JobID, requestID: String) -> any EntryWriter

    /// What of a body is the same in each try of a client that sends it anew; nil where all of it is.
    func lasting(in root: JSONValue) -> [UInt8]?

    /// `error` as the clients of the surface understand it, for a request with the body `root`.
    func told(_ error: CallError, of root: JSONValue) -> CallError

    /// What can't be said in a body and in a head at once.
    ///
    /// - Throws: ``CallFault``.
    func check(_ root: JSONValue, with headers: CallHeaders) throws(CallFault)
}

extension CallSurface {
    func lasting(in root: JSONValue) -> [UInt8]? { nil }

    func told(_ error: CallError, of root: JSONValue) -> CallError { error }

    func check(_ root: JSONValue, with headers: CallHeaders) throws(CallFault) {}
}
