import SluiceJSON
import SluiceTypes

extension ProviderRow {
    /// What the row's adapter is asked for: the caller's request in the adapter's format, with the provider's own name of
    /// the model, which may be another than the one that was asked for, and the row's ``parameters``.
    ///
    /// - Throws: ``AdapterFault`` when the request can't be said in that format.
    public func ask(for request: CallerRequest, model: String, attempt: Int) throws(AdapterFault) -> Ask {
        let translated = try adapter.translate(request)
        var edits = translated.edits + parameters.edits(for: translated.document)
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
        if let store = statePolicy.store, isResponses(request) {
            edits.append(.set("store", Array("\(store)".utf8)))
        }
        do throws(JSONError) {
            var ask = Ask(
                operation: request.operation,
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
            ask.entries = translated.entries
            return ask
        } catch {
            throw AdapterFault(.invalidRequest, "the request can't be changed as the row says: \(error)")
        }
    }

    /// Whether a request is one of OpenAI's Responses once it is translated.
    private func isResponses(_ request: CallerRequest) -> Bool {
        formats.contains(.openAIResponses) && (request.format == .openAIResponses || formats.count == 1)
    }
}
