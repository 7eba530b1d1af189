import SluiceProvider
import SluiceTypes

/// Takes each piece of an answer as a piece of the text and as a chunk; `!` is a failure, and what begins with `?` says nothing yet.
struct PieceAdapter: Adapter {
    func prepare(_ ask: Ask) throws(AdapterFault) -> Prepared {
        .call(HTTPCall(method: "POST", path: "/", headers: [], body: [], authorization: .none))
    }

    func reading(for ask: Ask) -> Reading { .pure(Pieces()) }

    private struct Pieces: Exchange {
        func begin(_ head: SluiceProvider.ResponseHead) -> [ReplyEvent] { [.start(upstreamID: "up-1", model: nil)] }

        func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent] {
            if chunk == [UInt8(ascii: "!")] { return [.error(ProviderError(.server, "The provider broke."))] }
            if chunk.first == UInt8(ascii: "?") { return [.upstream(name: nil, chunk, .preamble)] }
            let piece = String(decoding: chunk, as: UTF8.self)
            guard last else { return [.text(piece), .upstream(name: nil, chunk, .content)] }
            return [.usage(Usage(promptTokens: 1, completionTokens: 2)), .finish(reason: "stop")]
        }
    }
}
