import SluiceJSON
public import SluiceProvider
import SluiceTypes

/// OpenAI's Responses: requests out as they came in.
///
/// Source: the API reference of OpenAI, "Responses", "Create a model response".
public enum ResponsesDialect {
    /// The request as it came, but for reasoning that another account has issued, and for what it names of the thread before it: the
    /// provider's own id of that answer, or the thread itself (``ResponsesRebuild``).
    ///
    /// - Throws: ``AdapterFault`` for one in another format, and for a thread that can't be carried on.
    public static func translate(_ request: CallerRequest) throws(AdapterFault) -> TranslatedRequest {
        guard request.format == .openAIResponses || request.format == .openAICompaction else {
            throw AdapterFault(
                .invalidRequest,
                "a request in the format \(request.format.rawValue) can't be said here: this provider is asked in the format "
                    + "\(RequestFormat.openAIResponses.rawValue) alone, by POST /v1/responses"
            )
        }
        do throws(ResponsesFault) {
            return try carriedOn(request)
        } catch {
            throw AdapterFault(error)
        }
    }

    private static func carriedOn(_ request: CallerRequest) throws(ResponsesFault) -> TranslatedRequest {
        var translated = TranslatedRequest(request.document)
        var dropped = DroppedNames()
        if let foreign = request.foreign {
            translated.entries = request.document.root[key: "input"].map { $0.kind == .array ? $0.elements.count : 1 }
            if let cut = try ResponsesReasoning.cut(from: request.document, foreign) {
                translated.document = cut.document
                dropped = cut.dropped
            }
        }
        switch request.before {
        case .none: break
        case .kept(let id):
            translated.needsThread = StateNames(in: request.document.root, of: request.format).reference != nil
            if translated.document.root[key: "previous_response_id"]?.string != id {
                translated.edits.append(.set("previous_response_id", JSONWriter.bytes { $0.value(id) }))
            }
        case .told(let turns, let limit):
            let rebuild = try ResponsesRebuild(turns.map { ResponsesTurn($0) }, translated.document, limit: limit)
            translated.document = rebuild.body
            translated.turns = rebuild.turns
            dropped.add(rebuild.dropped.names)
        }
        translated.dropped = dropped.names
        return translated
    }

    /// How a request can be put otherwise that the provider has refused for what it names or holds of the answers before it.
    public static func amendment(for error: ProviderError) -> Amendment? {
        if PreviousRefusal(error) != nil { return .threadTold }
        return OpaqueRefusal.isSaid(by: error) ? .withoutReasoning : nil
    }

    /// The call for `ask` to the endpoint at `path`: its body byte for byte but for what is the gateway's own, the secret as a
    /// bearer token, and of the caller's fields the ``ForwardedFields`` of Responses.
    ///
    /// - Throws: ``AdapterFault`` when the body can't be changed.
    public static func call(for ask: Ask, to path: String) throws(AdapterFault) -> HTTPCall {
        var headers = [HeaderField("Content-Type", "application/json")]
        if ask.stream { headers.append(HeaderField("Accept", "text/event-stream")) }
        headers += ask.headers.filter { ForwardedFields.goesUp($0.name, in: .openAIResponses) }
        let edits = edits(for: ask)
        do throws(JSONError) {
            return HTTPCall(
                method: "POST",
                path: path,
                headers: headers,
                body: edits.isEmpty ? ask.body.bytes : try ask.body.applying(edits).bytes,
                authorization: .header(name: "Authorization", prefix: "Bearer ")
            )
        } catch {
            throw AdapterFault(.invalidRequest, "the request can't be changed for the provider: \(error)")
        }
    }

    /// Members that say whether somebody waits for the answer: the gateway itself runs what nobody waits for.
    private static let ours = ["background", "background_options"]

    /// What changes in the body.
    ///
    /// Here, and not in ``translate(_:)``: a row's parameters must not bring back what never goes up.
    private static func edits(for ask: Ask) -> [MemberEdit] {
        let root = ask.body.root
        var edits = ours.filter { root[key: $0] != nil }.map { MemberEdit.remove($0) }
        let stream = root[key: "stream"]
        if ask.stream, stream?.boolean != true {
            edits.append(.set("stream", Array("true".utf8)))
        } else if !ask.stream, let stream, stream.boolean != false, !stream.isNull {
            edits.append(.set("stream", Array("false".utf8)))
        }
        return edits
    }
}
