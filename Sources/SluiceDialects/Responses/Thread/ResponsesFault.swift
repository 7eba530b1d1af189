public import SluiceTypes

/// Why a thread of responses can't be carried on, or its items can't be listed, as its caller asked.
public enum ResponsesFault: Error, Hashable, Sendable {
    /// The thread has more turns than are carried.
    case tooManyTurns(limit: Int)
    /// The request would be longer than this, in bytes.
    case tooLarge(limit: Int)
    /// The request would hold more values than the gateway reads, or be nested deeper.
    case tooComplex
    /// What should be a text or a list of items is neither.
    case noInput
    /// An `item_reference` names nothing in the thread.
    case unknownItem(String)
    /// A call of a tool has no output.
    case openCall(String)
    /// Something of the request belongs to what only the account keeps that answered before.
    case boundElsewhere(String)
    /// A turn that is stored can't be read.
    case unreadable(JobID)
    /// A list of items can't be cut as it was asked for.
    case noPage(parameter: String)

    /// What is wrong: the job's bytes, or what the caller asks for.
    public var errorClass: ErrorClass {
        if case .unreadable = self { .corrupt } else { .invalidRequest }
    }

    /// The member or parameter at fault; nil where it is none of the caller's.
    public var parameter: String? {
        switch self {
        case .tooManyTurns, .tooLarge, .tooComplex: "previous_response_id"
        case .noInput, .unknownItem, .openCall, .boundElsewhere: "input"
        case .unreadable: nil
        case .noPage(let parameter): parameter
        }
    }

    /// One sentence for the caller.
    public var message: String {
        switch self {
        case .tooManyTurns(let limit):
            "the thread behind previous_response_id has more than \(limit) turns; begin another one with a summary of it"
        case .tooLarge(let limit):
            "the request, together with the thread behind previous_response_id, is longer than \(limit) bytes; begin another "
                + "thread with a summary of it"
        case .tooComplex:
            "the request, together with the thread behind previous_response_id, holds more values than can be read; begin "
                + "another thread with a summary of it"
        case .noInput: "input must be a text or a list of items"
        case .unknownItem(let id): "no item of this thread has the id '\(ResponsesFault.shortened(id))'"
        case .openCall(let id):
            "no tool output found for the call '\(ResponsesFault.shortened(id))': send one with this call_id"
        case .boundElsewhere(let what):
            "\(ResponsesFault.shortened(what)) belongs to what only the provider's account keeps that answered before, and "
                + "the request can't be sent to that account as it is; begin another thread"
        case .unreadable: "a turn of the thread behind previous_response_id can't be read; tell the gateway's operator"
        case .noPage("after"): "no item of the list has the id that after names"
        case .noPage(let parameter): "\(parameter) must be a number from 1 to 100"
        }
    }

    /// What a caller wrote may be of any length.
    private static func shortened(_ text: String) -> Substring { text.prefix(128) }
}
