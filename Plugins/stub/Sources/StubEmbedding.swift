import SluiceJSON
import SluiceProvider
import SluiceTypes

/// An answer in the shape of OpenAI's embeddings.
enum StubEmbedding {
    /// The vectors; an error that names the parameter for a request that can't be answered.
    static func events(for ask: Ask, _ settings: StubSettings, after delay: Duration) -> [TimedEvent] {
        do throws(ProviderError) {
            let request = try StubEmbeddingRequest(ask.body.root, dimensions: settings.dimensions)
            let tokens = request.inputs.reduce(0) { $0 + $1.tokens }
            return [
                TimedEvent(after: delay, .start(upstreamID: nil, model: nil)),
                TimedEvent(.upstream(name: nil, object(request, model: ask.model, tokens: tokens), .ending)),
                TimedEvent(.usage(Usage(promptTokens: Int64(tokens), completionTokens: 0))),
                TimedEvent(.finish(reason: "stop")),
            ]
        } catch {
            return [TimedEvent(.error(error))]
        }
    }

    private static func object(_ request: StubEmbeddingRequest, model: String, tokens: Int) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("object", "list")
                writer.member(
                    "data",
                    array: { writer in
                        for (index, input) in request.inputs.enumerated() {
                            writer.object { element(&$0, index, StubVector(of: input, request.dimensions), request) }
                        }
                    }
                )
                writer.member("model", model)
                writer.member(
                    "usage",
                    object: { writer in
                        writer.member("prompt_tokens", tokens)
                        writer.member("total_tokens", tokens)
                    }
                )
            }
        }
    }

    private static func element(
        _ writer: inout JSONWriter,
        _ index: Int,
        _ vector: StubVector,
        _ request: StubEmbeddingRequest
    ) {
        writer.member("object", "embedding")
        writer.member("index", index)
        if request.isBase64 {
            writer.member("embedding", vector.base64)
        } else {
            writer.member("embedding", array: { vector.write(to: &$0) })
        }
    }
}
