import HTTPTypes
import Hummingbird
import NIOCore
import SluiceEngine
import SluiceJSON

/// Takes request bodies, as many bytes at once as may be held.
struct BodyReader: Sendable {
    let traffic: Traffic

    /// Hands the whole body to `use` and counts its bytes as held until that returns.
    ///
    /// - Throws: ``Problem`` 413 for more bytes than the surface takes, 503 when too many bytes are held already, 400 for a body
    ///   that is shorter than announced; what `use` throws.
    func withBody<Answer>(
        of request: Request,
        _ context: GatewayContext,
        _ use: ([UInt8]) async throws -> Answer
    ) async throws -> Answer {
        let limit = context.surface.bodyLimit
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        if let announced, announced > limit { throw Problem.tooLarge(limit) }
        // Asked for before reading: a closed connection has no handlers left.
        let connection = announced == nil ? await context.connection() : nil
        var held = 0
        defer { traffic.release(held) }
        var bytes: [UInt8] = []
        if let announced { bytes.reserveCapacity(announced) }
        for try await buffer in request.body {
            guard bytes.count + buffer.readableBytes <= limit else { throw Problem.tooLarge(limit) }
            guard traffic.hold(buffer.readableBytes) else {
                throw Problem(
                    .serviceUnavailable,
                    "busy",
                    "too many bytes are being received at once; try again",
                    headers: [.retryAfter: "1"]
                )
            }
            held += buffer.readableBytes
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        // A connection that ends in the middle of a body ends the sequence as the body's own end does. One that was gone
        // before we looked can't tell any more; then nobody is left to acknowledge anything to.
        let isChunked = request.headers[.transferEncoding] != nil
        let isCut = announced.map { $0 != bytes.count } ?? (isChunked && connection?.cut.hasFired ?? true)
        if isCut {
            throw Problem(.badRequest, "cut-short", "the body ended before its time")
        }
        return try await use(bytes)
    }

    /// A body as JSON.
    ///
    /// - Throws: ``Problem`` 400 with the first fault and its place.
    static func document(_ bytes: [UInt8]) throws(Problem) -> Document {
        do throws(JSONError) {
            return try Document(bytes)
        } catch {
            throw Problem(error)
        }
    }
}
