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
        let usage =
            #"{"prompt_tokens":\#(prompt),"completion_tokens":\#(completion),"total_tokens":\#(prompt + completion)}"#
        return response(
            text: #"{"id":"chatcmpl-loopback","object":"chat.completion","created":1700000000,"model":"\#(model)","#
                + #""choices":[{"index":0,"message":\#(message),"logprobs":null,"finish_reason":"\#(finish)"}],"#
                + #""usage":\#(usage)}"#
        )
    }

    /// A streamed chat completion: the role, a chunk for each piece, the finish, `[DONE]`.
    ///
    /// Before the piece with the index of a gate, that gate has to open; the gate after the last piece holds the
    /// finish back.
    package static func chatStream(
        _ pieces: [String],
        model: String = "gpt-4o-mini",
        finish: String = "stop",
        gates: [Int: Gate] = [:]
    ) -> Reply {
        func chunk(_ delta: String, _ reason: String) -> String {
            #"{"id":"chatcmpl-loopback","object":"chat.completion.chunk","created":1700000000,"model":"\#(model)","#
                + #""choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(reason)}]}"#
        }
        let role = chunk(#"{"role":"assistant","content":""}"#, "null")
        let texts = pieces.map { chunk(#"{"content":\#(quoted($0))}"#, "null") }
        let shifted = Dictionary(uniqueKeysWithValues: gates.map { ($0.key + 1, $0.value) })
        return sse([role] + texts + [chunk("{}", "\"\(finish)\"")], gates: shifted)
    }

    /// An error as OpenAI answers it; `code` and the further header fields are what the class of the error depends on.
    package static func openAIError(
        _ status: Int,
        message: String = "Something is wrong.",
        type: String = "invalid_request_error",
        code: String? = nil,
        headers: [(String, String)] = []
    ) -> Reply {
        let code = code.map(quoted) ?? "null"
        return response(
            status,
            headers: [("Content-Type", "application/json")] + headers,
            text: #"{"error":{"message":\#(quoted(message)),"type":"\#(type)","param":null,"code":\#(code)}}"#
        )
    }

    private static func quoted(_ text: String) -> String {
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
