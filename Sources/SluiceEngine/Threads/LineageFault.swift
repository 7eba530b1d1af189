import SluiceProvider
import SluiceTypes

/// Why what a job continues can't be told to a provider.
enum LineageFault: Error, Sendable {
    /// It has more turns than are told.
    case tooLong
    /// It would make the request longer than it may be, in bytes.
    case tooLarge(limit: Int)
    /// A turn of it is not there any more.
    case gone
    /// The store can't read it now.
    case unread

    /// Why a request is passed over by an account that has nothing of its thread.
    static let elsewhere =
        "the earlier turns of this conversation are not sent to the account of a model that the request does not name; "
        + "name that model, or have the row say \"receivesHistory\""

    private static let parameter = "previous_response_id"

    /// How the attempt ends.
    var end: AttemptResult.End {
        switch self {
        case .tooLong, .tooLarge: .failed(.invalidRequest, message: message)
        case .gone: .failed(.previousGone, message: message)
        case .unread: .starved(message: message)
        }
    }

    /// What is wrong with the request; nil where nothing is.
    var refusal: ProviderError? {
        switch self {
        case .tooLong, .tooLarge: LineageFault.refusal(message)
        case .gone:
            ProviderError(
                .previousGone,
                message,
                code: "previous_response_not_found",
                parameter: LineageFault.parameter
            )
        case .unread: nil
        }
    }

    private var message: String {
        switch self {
        case .tooLong:
            "the thread behind \(LineageFault.parameter) has more than \(ThreadTurn.most) turns; begin another one with a summary "
                + "of it"
        case .tooLarge(let limit):
            "the request, together with the thread behind \(LineageFault.parameter), is longer than \(limit) bytes; begin another "
                + "thread with a summary of it"
        case .gone: "what this request continues is not there any more; send the whole conversation"
        case .unread: "the thread before the request can't be read now"
        }
    }

    /// An error about the member by which a request names its thread.
    static func refusal(_ message: String) -> ProviderError {
        ProviderError(.invalidRequest, message, parameter: parameter)
    }
}
