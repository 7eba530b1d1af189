import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Why a response ended, in the words that all dialects share.
///
/// Source: the API reference of OpenAI, "The response object", `status` and `incomplete_details`.
enum ResponsesFinish {
    /// What the end of a response comes to.
    enum End {
        case finished(FinishReason)
        /// It is no answer.
        case failed
        /// It says itself that it has not ended.
        case open(status: String)
    }

    /// Reasons for which an answer is shorter than the model meant it to be.
    private static let words = [
        "max_output_tokens": "length", "max_messages": "length", "steered": "length", "max_tokens": "length",
    ]

    /// How `response` ended.
    ///
    /// - Parameters:
    ///   - response: the object; its members may be missing.
    ///   - isIncomplete: whether the event that brought it says that it is incomplete.
    ///   - leavesCalls: whether it calls tools that the caller has to run.
    /// - Returns: its end.
    static func end(of response: JSONValue?, isIncomplete: Bool = false, leavesCalls: Bool) -> End {
        let status = response?[key: "status"]?.string
        if status == "failed" || status == "cancelled" || response.map(holdsError) ?? false { return .failed }
        if let status, status == "queued" || status == "in_progress" { return .open(status: status) }
        guard isIncomplete || status == "incomplete" else {
            return .finished(leavesCalls ? .toolCalls : .stop)
        }
        return .finished(FinishReason(response?[key: "incomplete_details"]?[key: "reason"], words: words) ?? .length)
    }

    private static func holdsError(_ response: JSONValue) -> Bool { response[key: "error"].map { !$0.isNull } ?? false }

    /// Reads a response that is no answer; `body` is what holds it, as it came.
    static func error(of response: JSONValue, body: [UInt8], status: Int? = nil) -> ProviderError {
        if response[key: "status"]?.string == "cancelled", !holdsError(response) {
            var error = ProviderError(.server, "The provider cancelled its answer.", code: "cancelled")
            error.body = Array(body.prefix(AnswerLimits.errorBody))
            return error
        }
        var error = OpenAIErrorReader.failure(response, body: body, status: status)
        // The name of the event, where the error stands in it without an object of its own.
        if error.type == "error" { error.type = nil }
        return error
    }
}
