extension Reply {
    /// A chat completion as OpenAI answers it.
    package static func chat(
        text: String,
        model: String = "gpt-4o-mini",
        finish: String = "stop",
        prompt: Int = 9,
        completion: Int = 12
    ) -> Reply {
        let message = #"{"role":"assistant","content":\#(quoted(text)),"refusal":null}"#
        return response(
            text: #"{"id":"chatcmpl-loopback","object":"chat.completion","created":1700000000,"model":"\#(model)","#
                + #""choices":[{"index":0,"message":\#(message),"logprobs":null,"finish_reason":"\#(finish)"}],"#
                + #""usage":\#(usageObject((prompt, completion)))}"#
        )
    }

    /// A streamed chat completion: the role, a chunk for each piece, the finish, the usage when there is one, `[DONE]`.
    ///
    /// Before the piece with the index of a gate, that gate has to open; the gate after the last piece holds the
    /// finish back.
    package static func chatStream(
        _ pieces: [String],
        model: String = "gpt-4o-mini",
        finish: String = "stop",
        usage: (prompt: Int, completion: Int)? = nil,
        gates: [Int: Gate] = [:]
    ) -> Reply {
        let chunks = chatChunks(pieces, model: model, finish: finish, usage: usage)
        return sse(chunks, gates: Dictionary(uniqueKeysWithValues: gates.map { ($0.key + 1, $0.value) }))
    }

    /// The chunks of a streamed chat completion, without `[DONE]`.
    package static func chatChunks(
        _ pieces: [String],
        model: String = "gpt-4o-mini",
        finish: String = "stop",
        usage: (prompt: Int, completion: Int)? = nil
    ) -> [String] {
        let deltas = [#"{"role":"assistant","content":""}"#] + pieces.map { #"{"content":\#(quoted($0))}"# }
        return chatChunks(deltas: deltas, model: model, finish: finish, usage: usage)
    }

    /// The same with the chunks' `delta` objects as they are given.
    package static func chatChunks(
        deltas: [String],
        model: String = "gpt-4o-mini",
        finish: String = "stop",
        usage: (prompt: Int, completion: Int)? = nil
    ) -> [String] {
        chunks(
            deltas.map { #"{"index":0,"delta":\#($0),"finish_reason":null}"# }
                + [#"{"index":0,"delta":{},"finish_reason":"\#(finish)"}"#],
            object: "chat.completion.chunk",
            model: model,
            usage: usage
        )
    }

    /// A streamed completion, as ``chatStream(_:model:finish:usage:gates:)``.
    package static func completionStream(
        _ pieces: [String],
        model: String = "gpt-3.5-turbo-instruct",
        usage: (prompt: Int, completion: Int)? = nil
    ) -> Reply {
        let texts = pieces.map { #"{"index":0,"text":\#(quoted($0)),"logprobs":null,"finish_reason":null}"# }
        let end = #"{"index":0,"text":"","logprobs":null,"finish_reason":"stop"}"#
        return sse(chunks(texts + [end], object: "text_completion", model: model, usage: usage))
    }

    /// A completion as OpenAI answers it.
    package static func completion(
        text: String,
        model: String = "gpt-3.5-turbo-instruct",
        prompt: Int = 9,
        completion: Int = 12
    ) -> Reply {
        response(
            text: #"{"id":"cmpl-loopback","object":"text_completion","created":1700000000,"model":"\#(model)","#
                + #""choices":[{"index":0,"text":\#(quoted(text)),"logprobs":null,"finish_reason":"stop"}],"#
                + #""usage":\#(usageObject((prompt, completion)))}"#
        )
    }

    /// Embeddings; each vector is JSON, an array of numbers or a string of base64.
    package static func embeddings(_ vectors: [String], model: String = "text-embedding-3-small") -> Reply {
        let data = vectors.enumerated().map { #"{"object":"embedding","index":\#($0),"embedding":\#($1)}"# }
        return response(
            text: #"{"object":"list","data":[\#(data.joined(separator: ","))],"model":"\#(model)","#
                + #""usage":{"prompt_tokens":8,"total_tokens":8}}"#
        )
    }

    /// The list of models.
    package static func models(_ ids: [String]) -> Reply {
        response(text: #"{"object":"list","data":[\#(ids.map(modelObject).joined(separator: ","))]}"#)
    }

    /// One model.
    package static func model(_ id: String) -> Reply {
        response(text: modelObject(id))
    }

    /// An error as OpenAI answers it; `code` and the further header fields are what the class of the error depends on.
    package static func openAIError(
        _ status: Int,
        message: String = "Something is wrong.",
        type: String = "invalid_request_error",
        param: String? = nil,
        code: String? = nil,
        headers: [(String, String)] = []
    ) -> Reply {
        let (param, code) = (param.map(quoted) ?? "null", code.map(quoted) ?? "null")
        return response(
            status,
            headers: [("Content-Type", "application/json")] + headers,
            text: #"{"error":{"message":\#(quoted(message)),"type":"\#(type)","param":\#(param),"code":\#(code)}}"#
        )
    }

    /// Chunks with one choice each, and one with the usage and none.
    private static func chunks(
        _ choices: [String],
        object: String,
        model: String,
        usage: (prompt: Int, completion: Int)?
    ) -> [String] {
        let head = #"{"id":"loopback","object":"\#(object)","created":1700000000,"model":"\#(model)","choices":["#
        guard let usage else { return choices.map { "\(head)\($0)]}" } }
        // OpenAI writes the field into every chunk once it is asked for.
        return choices.map { #"\#(head)\#($0)],"usage":null}"# } + [#"\#(head)],"usage":\#(usageObject(usage))}"#]
    }

    private static func usageObject(_ usage: (prompt: Int, completion: Int)) -> String {
        let total = usage.prompt + usage.completion
        return #"{"prompt_tokens":\#(usage.prompt),"completion_tokens":\#(usage.completion),"total_tokens":\#(total)}"#
    }

    private static func modelObject(_ id: String) -> String {
        #"{"id":"\#(id)","object":"model","created":1700000000,"owned_by":"loopback"}"#
    }

    /// The text as a string of JSON.
    static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            case "\u{0}"..."\u{1F}": "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}
