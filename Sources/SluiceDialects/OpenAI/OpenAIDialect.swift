import SluiceJSON
public import SluiceProvider
public import SluiceTypes

/// OpenAI's wire format, which most providers speak: requests out, answers and streams in.
///
/// Source: the API reference of OpenAI, "Chat" and "Completions", with their streaming forms, and "Embeddings".
public enum OpenAIDialect {
    /// The formats that ``translate(_:)`` puts into OpenAI's.
    public static let translated: Set<RequestFormat> = [.prompt]

    /// The body that OpenAI's API takes for what a caller asked; a stream is made to count its tokens.
    ///
    /// - Throws: ``AdapterFault`` when it can't be said there.
    public static func translate(_ request: CallerRequest) throws(AdapterFault) -> TranslatedRequest {
        let body = try OpenAIRequest.body(of: request)
        let counting = request.stream ? StreamOptions.askForUsage(in: body) : nil
        return TranslatedRequest(body, edits: counting.map { [$0] } ?? [])
    }

    /// The call for `ask` to the endpoint at `path`: its body byte for byte, the secret as a bearer token.
    public static func call(for ask: Ask, to path: String) -> HTTPCall {
        var headers = [HeaderField("Content-Type", "application/json")]
        if ask.stream, ask.operation != .embedding { headers.append(HeaderField("Accept", "text/event-stream")) }
        return HTTPCall(
            method: "POST",
            path: path,
            headers: headers,
            body: ask.body.bytes,
            authorization: .header(name: "Authorization", prefix: "Bearer ")
        )
    }

    /// Starts reading the response to ``call(for:to:)``.
    public static func exchange(for ask: Ask) -> OpenAIExchange {
        OpenAIExchange(
            operation: ask.operation,
            stream: ask.stream,
            choices: ask.choices,
            finishesAtMark: ask.finishesAtMark
        )
    }

    /// Asks for the list of models.
    ///
    /// Source: the API reference of OpenAI, "List models".
    public static let modelsCall = HTTPCall(
        method: "GET",
        path: "/models",
        headers: [],
        body: [],
        authorization: .header(name: "Authorization", prefix: "Bearer ")
    )

    /// The names in the answer to ``modelsCall``; nil for one that is no list.
    public static func models(in answer: [UInt8]) -> [String]? {
        ModelList.names(in: answer)
    }
}
