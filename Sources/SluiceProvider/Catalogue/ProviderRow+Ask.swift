import SluiceJSON
import SluiceTypes

extension ProviderRow {
    /// What the row's adapter is asked for: the caller's request in the adapter's format, with the provider's own name of
    /// the model, which may be another than the one that was asked for, and the row's ``parameters``.
    ///
    /// - Parameters:
    ///   - request: what the caller asked for.
    ///   - model: the provider's own name of the model.
    ///   - attempt: which try it is, from 1.
    ///   - isAnswered: whether an answer comes of it. The row's parameters are for answers: a provider refuses members of one where
    ///     tokens are counted or a conversation is compacted.
    /// - Returns: what the adapter is asked for.
    /// - Throws: ``AdapterFault`` when the request can't be said in that format.
    public func ask(
        for request: CallerRequest,
        model: String,
        attempt: Int,
        isAnswered: Bool = true
    ) throws(AdapterFault) -> Ask {
        let translated = try adapter.translate(request)
        let isAnswered = isAnswered && request.format != .openAICompaction
        var edits = translated.edits
        if isAnswered { edits += parameters.edits(for: translated.document) }
        if translated.document.root[key: "model"]?.string != model {
            edits.insert(.set("model", JSONWriter.bytes { $0.value(model) }), at: 0)
        }
        // It names an earlier message, which may be another tenant's, and the answer is the same without.
        if !statePolicy.isShared, request.format == .anthropicMessages,
            translated.document.root[key: "diagnostics"] != nil
        {
            edits.append(.remove("diagnostics"))
        }
        // Last, so that no parameter of the row brings the caller's own back.
        if let store = statePolicy.store, isAnswered, request.format == .openAIResponses {
            edits.append(.set("store", Array("\(store)".utf8)))
        }
        do throws(JSONError) {
            var ask = Ask(
                operation: request.operation,
                format: request.format,
                stream: request.stream,
                attempt: attempt,
                model: model,
                body: edits.isEmpty ? translated.document : try translated.document.applying(edits),
                headers: request.headers,
                finishesAtMark: finishesAtMark,
                betas: betas,
                version: version
            )
            ask.dropped = translated.dropped
            ask.turns = translated.turns
            ask.needsThread = translated.needsThread
            ask.entries = translated.entries
            return ask
        } catch {
            throw AdapterFault(.invalidRequest, "the request can't be changed as the row says: \(error)")
        }
    }
}
