import HTTPTypes
import Hummingbird
import SluiceDialects
import SluiceEngine
import SluiceStore
import SluiceTypes

extension ResponsesAPI {
    /// The longest id that can be one, in bytes.
    private static let longestID = 128

    /// The response called `id` that `owner` asked for; nil for none, and for one whose bodies are not kept.
    ///
    /// A provider may give ids of our own form, so that the form alone tells nothing.
    func find(_ id: String, of owner: OwnerID) async throws(StoreError) -> FoundResponse? {
        guard api.engine.calls.recording == .full, ResponsesAPI.isID(id) else { return nil }
        if let own = ResponsesID.job(in: id),
            let job = try await api.reader.job(own, owner: Promise.responsesOfOwner.holds ? owner : nil),
            job.format == .openAIResponses, job.surface == .responses, job.terms.entry == .queue
        {
            return job.input == nil ? nil : FoundResponse(job: job, id: id)
        }
        var known = try await stored(id, of: owner)
        if known == nil { known = try await running(id, of: owner) }
        // It may have ended between the two looks.
        if known == nil { known = try await stored(id, of: owner) }
        // What runs in the background has one id, and that is ours.
        guard let job = known, job.input != nil, job.terms.entry == .call else { return nil }
        return FoundResponse(job: job, id: id)
    }

    private func stored(_ id: String, of owner: OwnerID) async throws(StoreError) -> JobRecord? {
        try await api.reader.job(upstreamID: id, format: .openAIResponses, owner: owner)
    }

    /// The call under way whose answer its provider calls `id`: that is stored only when the answer has ended.
    private func running(_ id: String, of owner: OwnerID) async throws(StoreError) -> JobRecord? {
        for job in api.engine.running(upstreamID: id) {
            if let job = try await api.reader.job(job, owner: Promise.responsesOfOwner.holds ? owner : nil),
                job.format == .openAIResponses
            {
                return job
            }
        }
        return nil
    }

    /// The response that the path names.
    ///
    /// - Throws: ``CallError`` 404 for one that is not there, or not this caller's.
    func found(_ context: GatewayContext, _ caller: Caller) async throws -> FoundResponse {
        let id = context.parameters.get("id") ?? ""
        guard let found = try await find(id, of: caller.owner) else { throw ResponsesAPI.missing(id) }
        return found
    }

    /// The refusal for an id under which the caller has nothing.
    static func missing(_ id: String) -> CallError {
        CallError(
            .notFound,
            code: nil,
            "Response with id \(Redaction.quoted(id)) not found: it was never stored here, was deleted, or its time is over"
        )
    }

    private static func isID(_ text: String) -> Bool {
        (1...longestID).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
