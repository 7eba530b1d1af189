import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Puts what a caller sent into OpenAI's request body.
enum OpenAIRequest {
    /// The body for `request`.
    ///
    /// Text and numbers keep the caller's spelling to the byte.
    ///
    /// - Throws: ``AdapterFault`` for a format that can't be said here, and when what is written can't be read again.
    static func body(of request: CallerRequest) throws(AdapterFault) -> Document {
        switch request.format {
        case .openAIChat, .openAICompletion, .openAIEmbedding: return request.document
        case .prompt:
            do throws(JSONError) { return try Document(indexing: native(request.document.root, request)) } catch {
                throw AdapterFault(.invalidRequest, "the stored request can't be read: \(error)")
            }
        case .anthropicMessages, .openAIResponses, .openAICompaction:
            throw AdapterFault(.invalidRequest, "a request in the format \(request.format.rawValue) can't be said here")
        }
    }

    /// A chat goes through the hub.
    ///
    /// Completions and embeddings don't: the hub is of `chat`, and has no word for a text that
    /// shall be continued, or for texts that shall become vectors.
    private static func native(_ prompt: JSONValue, _ request: CallerRequest) -> [UInt8] {
        guard request.operation != .chat else {
            return ChatRendering.body(of: PromptRendering.request(prompt), model: request.model, stream: false)
        }
        return JSONWriter.bytes { writer in
            writer.object { body in
                body.member("model", request.model)
                if request.operation == .completion {
                    body.member("prompt", RawJSON(completionPrompt(prompt)))
                } else if let input = given(prompt, "prompt") {
                    body.member("input", RawJSON(input.bytes))
                }
                if let randomness = given(prompt, "randomness") {
                    body.member("temperature", RawJSON(randomness.bytes))
                }
                if let maximum = given(prompt, "maxToken") { body.member("max_tokens", RawJSON(maximum.bytes)) }
            }
        }
    }

    private static func given(_ prompt: JSONValue, _ name: String) -> JSONValue? {
        prompt[key: name].flatMap { $0.isNull ? nil : $0 }
    }

    /// The system message, an empty line, the prompt: one JSON string spliced out of two.
    private static func completionPrompt(_ prompt: JSONValue) -> [UInt8] {
        let text = given(prompt, "prompt").map { Array($0.bytes) } ?? Array(#""""#.utf8)
        guard let system = given(prompt, "systemMsg") else { return text }
        return system.bytes.dropLast() + Array(#"\n\n"#.utf8) + text.dropFirst()
    }
}
