import SluiceJSON
import SluiceProvider
import SluiceTypes

/// A tiny call through a row's own adapter, to see whether it works; and a second one that streams, where that is of use.
struct ProviderTrial {
    private let row: ProviderRow
    private let ask: Ask
    /// The same as a stream; nil where the operation has none.
    private let streamed: Ask?
    private let asked: String

    /// A trial with a few words of an operation that the row serves.
    ///
    /// - Throws: `AdapterFault` when the row can't say them.
    init(row: ProviderRow, operation: SluiceTypes.Operation, model: String) throws {
        self.row = row
        asked = model
        ask = try Self.ask(row, operation, model, stream: false)
        streamed = operation == .embedding ? nil : try Self.ask(row, operation, model, stream: true)
    }

    private static func ask(
        _ row: ProviderRow,
        _ operation: SluiceTypes.Operation,
        _ model: String,
        stream: Bool
    ) throws -> Ask {
        let upstream = row.upstreamName(of: model)
        let formats = [RequestFormat(openAI: operation), .anthropicMessages, .openAIResponses]
        let format = formats.first { row.takes(operation, in: $0) } ?? formats[0]
        let request = CallerRequest(
            operation: operation,
            format: format,
            stream: stream,
            model: model,
            document: try Document(body(format, model: upstream, stream: stream))
        )
        return try row.ask(for: request, model: upstream, attempt: 1)
    }

    /// The least that the formats let be asked for: a word in, a token out, of Responses 16.
    private static func body(_ format: RequestFormat, model: String, stream: Bool) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("model", model)
                if stream { writer.member("stream", true) }
                switch format {
                case .openAIChat, .anthropicMessages:
                    writer.member("messages", array: { array in array.object(message) })
                    writer.member("max_tokens", 1)
                case .openAICompletion, .prompt:
                    writer.member("prompt", "ping")
                    writer.member("max_tokens", 1)
                case .openAIEmbedding: writer.member("input", "ping")
                case .openAIResponses:
                    writer.member("input", "ping")
                    writer.member("max_output_tokens", 16)
                case .openAICompaction: writer.member("input", "ping")
                }
            }
        }
    }

    private static func message(_ writer: inout JSONWriter) {
        writer.member("role", "user")
        writer.member("content", "ping")
    }

    /// Makes the call, and if it went well the one that streams.
    func run(over transport: any Transport) async -> TrialOutcome {
        var outcome = await make(ask, over: transport)
        guard outcome.errorClass == nil, let streamed else { return outcome }
        outcome.noteStream(await make(streamed, over: transport))
        return outcome
    }

    private func make(_ ask: Ask, over transport: any Transport) async -> TrialOutcome {
        let clock = ContinuousClock()
        let start = clock.now
        var outcome = TrialOutcome(row: row.name, model: asked, secrets: row.secrets)
        do throws(AdapterFault) {
            switch try row.adapter.prepare(ask) {
            case .answer(let events): outcome.note(events.map(\.event))
            case .call(let call): await send(call, ask, over: transport, &outcome)
            }
        } catch {
            outcome.fail(error.errorClass, error.message)
        }
        outcome.end(after: clock.now - start)
        return outcome
    }

    private func send(
        _ call: HTTPCall,
        _ ask: Ask,
        over transport: any Transport,
        _ outcome: inout TrialOutcome
    ) async {
        guard let endpoint = row.endpoint else {
            return outcome.fail(.invalidRequest, "the row has no baseURL")
        }
        let secret = row.credentials.lazy.compactMap(\.secret).first
        guard let outgoing = OutgoingCall(call, to: endpoint, secret: secret) else {
            return outcome.fail(.invalidRequest, "the row names a signer that this gateway does not have")
        }
        var reader = AnswerReader(row.adapter.reading(for: ask))
        do {
            for try await event in transport.send(outgoing) {
                if case .head(let head) = event { outcome.status = head.status }
                if let events = reader.readHere(event) {
                    outcome.note(events)
                } else {
                    outcome.note(try await reader.readElsewhere(event))
                }
            }
        } catch let error as TransportError {
            outcome.fail(error.kind.isTimeout ? .timeout : .network, error.message)
        } catch let fault as AdapterFault {
            outcome.fail(fault.errorClass, fault.message)
        } catch {
            outcome.fail(.unknown, "the answer could not be read")
        }
    }
}

extension TransportError.Kind {
    fileprivate var isTimeout: Bool {
        switch self {
        case .connectTimeout, .firstByteTimeout, .idleTimeout, .totalTimeout: true
        default: false
        }
    }
}
