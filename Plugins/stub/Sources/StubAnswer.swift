import SluiceJSON
import SluiceProvider
import SluiceTypes

/// An answer in OpenAI's shape, whole or in pieces, with the time between them.
struct StubAnswer {
    /// A stream has at most this many pieces, so that the echo of a large prompt is no flood.
    private static let mostPieces = 1000

    private let ask: Ask
    private let text: String
    private let tokensPerSecond: Int
    private let created: Int
    private let usage: Usage
    private let wantsUsage: Bool

    init(to ask: Ask, text: String, _ settings: StubSettings) {
        self.ask = ask
        self.text = text
        tokensPerSecond = settings.tokensPerSecond
        created = settings.created
        wantsUsage = ask.body.root[key: "stream_options"]?[key: "include_usage"]?.boolean == true
        usage = Usage(
            promptTokens: Int64(StubPrompt.words(of: ask)),
            completionTokens: Int64(StubPrompt.words(text))
        )
    }

    func events(after delay: Duration = .zero) -> [TimedEvent] {
        ask.stream ? streamed(delay) : plain(delay)
    }

    private var id: String { "\(ask.operation == .chat ? "chatcmpl" : "cmpl")-stub-\(ask.attempt)" }

    private func time(_ words: Int) -> Duration {
        tokensPerSecond == 0 ? .zero : .milliseconds(words * 1000 / tokensPerSecond)
    }
}

// MARK: Whole

extension StubAnswer {
    private func plain(_ delay: Duration) -> [TimedEvent] {
        var events = [TimedEvent(after: delay, .start(upstreamID: id, model: ask.model))]
        let time = time(Int(usage.completionTokens))
        if !text.isEmpty { events.append(TimedEvent(after: time, .text(text))) }
        events.append(TimedEvent(.upstream(name: nil, object(), .ending)))
        events.append(TimedEvent(.usage(usage)))
        events.append(TimedEvent(.finish(reason: "stop")))
        return events
    }

    private func object() -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                head(&writer, ask.operation == .chat ? "chat.completion" : "text_completion")
                writer.member(
                    "choices",
                    array: { writer in
                        writer.object { choice(&$0) }
                    }
                )
                writer.member("usage", object: { counts(&$0) })
            }
        }
    }

    private func choice(_ writer: inout JSONWriter) {
        writer.member("index", 0)
        if ask.operation == .chat {
            writer.member(
                "message",
                object: { writer in
                    writer.member("role", "assistant")
                    writer.member("content", text)
                    writer.member("refusal", String?.none)
                }
            )
        } else {
            writer.member("text", text)
        }
        writer.member("logprobs", String?.none)
        writer.member("finish_reason", "stop")
    }
}

// MARK: In pieces

extension StubAnswer {
    private func streamed(_ delay: Duration) -> [TimedEvent] {
        var events = [TimedEvent(after: delay, .start(upstreamID: id, model: ask.model))]
        if ask.operation == .chat { events.append(TimedEvent(.upstream(name: nil, chunk(.role), .preamble))) }
        for piece in pieces() {
            events.append(TimedEvent(after: time(StubPrompt.words(piece)), .text(piece)))
            events.append(TimedEvent(.upstream(name: nil, chunk(.text(piece)), .content)))
        }
        events.append(TimedEvent(.upstream(name: nil, chunk(.finish), .ending)))
        events.append(TimedEvent(.finish(reason: "stop")))
        if wantsUsage { events.append(TimedEvent(.upstream(name: nil, usageChunk(), .ending))) }
        events.append(TimedEvent(.usage(usage)))
        events.append(TimedEvent(.terminal(name: nil, Array("[DONE]".utf8))))
        return events
    }

    /// Words with the space behind them, so that the pieces together are the text.
    private func pieces() -> [String] {
        let wordsEach = Int(usage.completionTokens) / StubAnswer.mostPieces + 1
        var pieces: [String] = []
        var piece = String.UnicodeScalarView()
        var words = 0
        var wasSpace = true
        for scalar in text.unicodeScalars {
            let isSpace = scalar.properties.isWhitespace
            if wasSpace, !isSpace {
                if words == wordsEach {
                    pieces.append(String(piece))
                    piece = String.UnicodeScalarView()
                    words = 0
                }
                words += 1
            }
            piece.append(scalar)
            wasSpace = isSpace
        }
        return piece.isEmpty ? pieces : pieces + [String(piece)]
    }

    private enum Part {
        case role
        case text(String)
        case finish
    }

    private func chunk(_ part: Part) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                head(&writer, ask.operation == .chat ? "chat.completion.chunk" : "text_completion")
                writer.member(
                    "choices",
                    array: { writer in
                        writer.object { choice(&$0, part) }
                    }
                )
                // OpenAI counts in the last chunk alone, and says in the others that it has not yet.
                if wantsUsage { writer.member("usage", String?.none) }
            }
        }
    }

    private func choice(_ writer: inout JSONWriter, _ part: Part) {
        writer.member("index", 0)
        if ask.operation == .chat {
            writer.member("delta", object: { delta(&$0, part) })
        } else if case .text(let text) = part {
            writer.member("text", text)
        } else {
            writer.member("text", "")
        }
        writer.member("logprobs", String?.none)
        if case .finish = part {
            writer.member("finish_reason", "stop")
        } else {
            writer.member("finish_reason", String?.none)
        }
    }

    private func delta(_ writer: inout JSONWriter, _ part: Part) {
        switch part {
        case .role:
            writer.member("role", "assistant")
            writer.member("content", "")
        case .text(let text): writer.member("content", text)
        case .finish: break
        }
    }

    private func usageChunk() -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                head(&writer, ask.operation == .chat ? "chat.completion.chunk" : "text_completion")
                writer.member("choices", array: { _ in })
                writer.member("usage", object: { counts(&$0) })
            }
        }
    }
}

// MARK: What both share

extension StubAnswer {
    private func head(_ writer: inout JSONWriter, _ object: String) {
        writer.member("id", id)
        writer.member("object", object)
        writer.member("created", created)
        writer.member("model", ask.model)
    }

    private func counts(_ writer: inout JSONWriter) {
        writer.member("prompt_tokens", usage.promptTokens)
        writer.member("completion_tokens", usage.completionTokens)
        writer.member("total_tokens", usage.totalTokens)
    }
}
