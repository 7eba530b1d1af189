import SluiceJSON
import SluiceProvider
import SluiceTypes

/// One choice of an answer or of a chunk.
struct OpenAIChoice {
    /// Its number among the choices that were asked for.
    let index: Int64
    /// What the model wrote; empty for a refusal or a call of tools.
    let piece: StringPiece
    /// True when it brings something of the answer: text, a refusal, a call of tools, reasoning, whatever a provider calls it.
    let hasContent: Bool
    let finishReason: FinishReason?

    /// How far the answer is with it.
    var stage: ReplyStage { finishReason != nil ? .ending : hasContent ? .content : .preamble }

    /// The choices of a plain answer; those without `message` or `text` are left out.
    static func all(inPlain root: JSONValue, of operation: Operation) -> [OpenAIChoice] {
        let choices = root[key: "choices"]?.elements ?? []
        return choices.compactMap { choice in
            let content = operation == .completion ? choice[key: "text"] : choice[key: "message"]
            guard content?.kind == (operation == .completion ? .string : .object) else { return nil }
            return OpenAIChoice(choice, content)
        }
    }

    /// The choices that a chunk tells of.
    static func all(inChunk root: JSONValue, of operation: Operation) -> [OpenAIChoice] {
        let choices = root[key: "choices"]?.elements ?? []
        return choices.map { OpenAIChoice($0, operation == .completion ? $0[key: "text"] : $0[key: "delta"]) }
    }

    private init(_ choice: JSONValue, _ content: JSONValue?) {
        index = choice[key: "index"]?.integer ?? 0
        piece = content?.piece ?? OpenAIChoice.piece(of: content?[key: "content"])
        hasContent = !piece.isEmpty || OpenAIChoice.hasContent(content)
        finishReason = FinishReason(choice[key: "finish_reason"], words: OpenAIChoice.words)
    }

    /// Whether a message or delta says more than whose it is.
    private static func hasContent(_ content: JSONValue?) -> Bool {
        (content?.members ?? []).contains { name, value in
            guard name != "role" else { return false }
            return !value.isBlank
        }
    }

    /// Text, or the text parts of a list, as some providers write it.
    private static func piece(of content: JSONValue?) -> StringPiece {
        if let piece = content?.piece { return piece }
        return StringPiece(text: content?.elements.compactMap { $0[key: "text"]?.string }.joined() ?? "")
    }

    /// The error that the reason stands for, where a provider broke the answer off; nil for a model that stopped.
    var breakOff: ProviderError? {
        guard let word = finishReason?.word, let errorClass = OpenAIChoice.breakOffs[word] else { return nil }
        return ProviderError(errorClass, "The provider broke its answer off (\(word)).", code: word)
    }

    /// Mistral's word for a model that is too small for its answer.
    private static let words = ["model_length": "length"]

    /// Reasons that are no end of an answer: OpenRouter's, those of vLLM and SGLang, DeepSeek's.
    private static let breakOffs: [String: ErrorClass] = [
        "error": .server,
        "abort": .server,
        "insufficient_system_resource": .overloaded,
    ]
}
