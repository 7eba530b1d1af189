import HTTPTypes
import Hummingbird
import NIOCore
import SluiceEngine
import SluiceStore
import SluiceTypes

extension OpenAIAPI {
    /// A stream of the provider's own chunks, from the first on; an error in its place where none came.
    func stream(
        _ live: LiveCall,
        _ seat: Seat,
        _ call: Call,
        _ context: GatewayContext,
        _ hangup: Signal?
    ) async throws -> Response {
        switch await unlessGone(hangup, { await live.beginning() }) ?? nil {
        case nil: throw OpenAIError.gone
        case .ended(let end): return try await failed(end, live.id, seat, call, context)
        case .stream(let log):
            let includesUsage = call.fields.includesUsage
            let body = ResponseBody { writer in
                // Not a child: it ends with the connection, and holds nothing but the log.
                let watch = hangup.map { hangup in
                    Task {
                        await hangup.wait()
                        log.wake()
                    }
                }
                defer { watch?.cancel() }
                var place = 0
                while let piece = await log.read(from: place, unless: { hangup?.hasFired ?? false }) {
                    var buffer = ByteBuffer()
                    for entry in LogEntries(piece) {
                        place = entry.end
                        guard entry.kind == .raw else { continue }
                        let chunk = includesUsage ? entry.payload : ChunkUsage.strip(entry.payload)
                        if let chunk { buffer.writeEvent(chunk) }
                    }
                    if buffer.readableBytes > 0 { try await writer.write(buffer) }
                }
                guard let end = await live.end() else { return }
                try await writer.write(OpenAIAPI.lastEvent(end))
                try await writer.finish(nil)
                seat.leave(delivered: true)
            }
            return OpenAIAPI.events(of: live.id, body)
        }
    }

    static func events(of id: JobID, _ body: ResponseBody) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store", .sluiceJob: id.description,
            ],
            body: body
        )
    }

    /// The terminal mark, which is said of a stored answer alone, or the error that stands in its place.
    static func lastEvent(_ end: CallEnd) -> ByteBuffer {
        var buffer = ByteBuffer()
        switch end {
        case .succeeded: buffer.writeEvent("[DONE]".utf8)
        case .failed(let failure): buffer.writeEvent(OpenAIError(failure).body)
        case .cancelled, .notStored, .replayed, .keyReused:
            buffer.writeEvent(OpenAIError(CallFailure(.cancelled, ErrorClass.cancelled.sentence)).body)
        }
        return buffer
    }
}

extension ByteBuffer {
    /// One event of a stream (WHATWG HTML, section 9.2.6); line ends within the data begin another `data` line.
    mutating func writeEvent(_ data: some Collection<UInt8>) {
        for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            writeString("data: ")
            writeBytes(line)
            writeString("\n")
        }
        writeString("\n")
    }
}
