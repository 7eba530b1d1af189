import SluiceJSON
import SluiceProvider
import SluiceTypes

/// Puts what a caller sent into OpenAI's request body.
enum OpenAIRequest {
    /// The body for `request`.
    ///
    /// Text and numbers keep the caller's spelling to the byte.
    ///
    /// - Throws: ``SluiceJSON/JSONError`` when what is written can't be read again.
    static func body(of request: CallerRequest) throws(JSONError) -> Document {
        switch request.format {
        case .openAIChat, .openAICompletion, .openAIEmbedding, .anthropicMessages, .openAIResponses:
            return request.document
        case .prompt: return try Document(indexing: native(request.document.root, request))
        }
    }

    private static func native(_ prompt: JSONValue, _ request: CallerRequest) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { body in
                body.member("model", request.model)
                switch request.operation {
                case .chat:
                    body.member(
                        "messages",
                        array: { messages in
                            if let system = given(prompt, "systemMsg") { message("system", system, to: &messages) }
                            if let user = given(prompt, "prompt") { message("user", user, to: &messages) }
                        }
                    )
                case .completion:
                    body.member("prompt", RawJSON(completionPrompt(prompt)))
                case .embedding:
                    if let input = given(prompt, "prompt") { body.member("input", RawJSON(input.bytes)) }
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

    private static func message(_ role: String, _ content: JSONValue, to messages: inout JSONWriter) {
        messages.object { message in
            message.member("role", role)
            message.member("content", RawJSON(content.bytes))
        }
    }

    /// The system message, an empty line, the prompt: one JSON string spliced out of two.
    private static func completionPrompt(_ prompt: JSONValue) -> [UInt8] {
        let text = given(prompt, "prompt").map { Array($0.bytes) } ?? Array(#""""#.utf8)
        guard let system = given(prompt, "systemMsg") else { return text }
        return system.bytes.dropLast() + Array(#"\n\n"#.utf8) + text.dropFirst()
    }
}
