import HTTPTypes
import SluiceEngine
import SluiceStore
import SluiceTypes

extension ResponsesAPI {
    /// What a call continues, by the id that it names; nil for one that names none.
    ///
    /// - Throws: ``CallError`` 400 for what can't be continued.
    func ancestry(_ options: ResponsesOptions, of owner: OwnerID) async throws -> Ancestry? {
        guard let id = options.previous else { return nil }
        guard let found = try await find(id, of: owner), found.isStored else {
            throw ResponsesAPI.refused(
                "Previous response with id \(Redaction.quoted(id)) not found.",
                code: "previous_response_not_found"
            )
        }
        let word: String
        switch found.job.state {
        case .succeeded: return Ancestry(continuing: found.job)
        case .queued: word = "queued"
        case .running: word = "still in progress"
        case .dead: word = "failed"
        case .cancelled: word = "cancelled"
        }
        throw ResponsesAPI.refused("the previous response \(Redaction.quoted(id)) is \(word), so nothing can follow it")
    }

    private static func refused(_ sentence: String, code: String? = nil) -> CallError {
        CallError(.badRequest, code: code, sentence, parameter: "previous_response_id")
    }
}
