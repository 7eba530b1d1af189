import HTTPTypes
import Hummingbird
import NIOCore
import SluiceCodings
import SluiceEngine
import SluiceJSON

/// Takes request bodies, as many bytes at once as may be held, and judges them.
struct BodyReader: Sendable {
    /// What is held of all bodies, and else.
    let memory: HeldMemory
    /// Two for each processor: more would only take memory.
    private let judges = JudgeGate(2 * System.coreCount)
    /// Bytes from which on a body is no matter for a connection's loop.
    private static let large = 64 << 10

    init(memory: HeldMemory) {
        self.memory = memory
    }

    /// Hands the whole body to `use`, decoded, and counts its bytes as held until that returns.
    ///
    /// - Throws: ``Problem`` 413 for more bytes than the surface takes, 503 when too many bytes are held already, 415 for a coding
    ///   that is not known, 400 for a body that is shorter than announced or not of its coding; what `use` throws.
    func withBytes<Answer>(
        of request: Request,
        _ context: GatewayContext,
        _ use: ([UInt8]) async throws -> Answer
    ) async throws -> Answer {
        let limit = context.surface.bodyLimit
        let decoder = try BodyReader.decoder(request.headers, limit)
        var held = Held(memory)
        defer { held.release() }
        return try await use(try await collect(request, context, limit, decoder, &held))
    }

    /// Hands the whole body to `use`, as JSON, and counts its bytes, and what reading it takes, as held until that returns.
    ///
    /// A `limit` takes the place of the surface's.
    ///
    /// - Throws: as ``withBytes(of:_:_:)``, and ``Problem`` 400 with the first fault and its place for what is no JSON.
    func withBody<Answer>(
        of request: Request,
        _ context: GatewayContext,
        atMost limit: Int? = nil,
        _ use: (Document) async throws -> Answer
    ) async throws -> Answer {
        let limit = limit ?? context.surface.bodyLimit
        let decoder = try BodyReader.decoder(request.headers, limit)
        var held = Held(memory)
        defer { held.release() }
        let bytes = try await collect(request, context, limit, decoder, &held)
        return try await use(try await judge(bytes, &held))
    }

    // MARK: Bytes

    private func collect(
        _ request: Request,
        _ context: GatewayContext,
        _ limit: Int,
        _ decoder: ContentDecoder?,
        _ held: inout Held
    ) async throws -> [UInt8] {
        let announced = request.headers.value(of: .contentLength).flatMap { Int($0) }
        if let announced, announced > limit { throw Problem.tooLarge(limit) }
        // Asked for before reading: a closed connection has no handlers left.
        let connection = announced == nil ? await context.connection() : nil
        var bytes: [UInt8] = []
        var received = 0
        if decoder == nil, let announced { bytes.reserveCapacity(announced) }
        for try await buffer in request.body {
            received += buffer.readableBytes
            let before = bytes.count
            if let decoder {
                try BodyReader.decode(buffer, decoder, limit, to: &bytes)
            } else {
                guard bytes.count + buffer.readableBytes <= limit else { throw Problem.tooLarge(limit) }
                bytes.append(contentsOf: buffer.readableBytesView)
            }
            try held.hold(bytes.count - before)
        }
        // A connection that ends in the middle of a body ends the sequence as the body's own end does. One that was gone
        // before we looked can't tell any more; then nobody is left to acknowledge anything to.
        let isChunked = request.headers.contains(.transferEncoding)
        let isCut = announced.map { $0 != received } ?? (isChunked && connection?.cut.hasFired ?? true)
        if isCut { throw Problem(.badRequest, "cut-short", "the body ended before its time") }
        if let decoder, received > 0 {
            do throws(ContentDecoder.Fault) { try decoder.finish() } catch { throw BodyReader.problem(error, limit) }
        }
        return bytes
    }

    /// What undoes the body's coding; nil for one that has none.
    ///
    /// - Throws: ``Problem`` 415 for one that is not known, and for more than one.
    private static func decoder(_ headers: HTTPFields, _ limit: Int) throws(Problem) -> ContentDecoder? {
        let names = headers[values: .contentEncoding].flatMap { $0.split(separator: ",") }
            .map { $0.filter { $0 != " " && $0 != "\t" } }
            .filter { !$0.isEmpty && $0.lowercased() != "identity" }
        guard let name = names.first else { return nil }
        guard names.count == 1, let coding = ContentCoding(name: name) else {
            let known = ContentCoding.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(
                .unsupportedMediaType,
                "unknown-coding",
                "the body's Content-Encoding may be one of \(known), once; or leave the field out",
                headers: [.acceptEncoding: known]
            )
        }
        do throws(ContentDecoder.Fault) { return try ContentDecoder(coding, limit: limit) } catch {
            throw problem(error, limit)
        }
    }

    private static func decode(
        _ buffer: ByteBuffer,
        _ decoder: ContentDecoder,
        _ limit: Int,
        to bytes: inout [UInt8]
    ) throws(Problem) {
        do throws(ContentDecoder.Fault) { try decoder.feed(buffer.readableBytesView, to: &bytes) } catch {
            throw problem(error, limit)
        }
    }

    private static func problem(_ fault: ContentDecoder.Fault, _ limit: Int) -> Problem {
        switch fault {
        case .tooLarge: .tooLarge(limit)
        case .broken: Problem(.badRequest, "bad-coding", "the body is not of the coding that Content-Encoding names")
        case .cutShort: Problem(.badRequest, "bad-coding", "the body ends before its coding does")
        case .goesOn: Problem(.badRequest, "bad-coding", "something follows the end of the body's coding")
        case .noMemory: .memoryFull
        }
    }

    // MARK: JSON

    /// The body as JSON.
    private func judge(_ bytes: [UInt8], _ held: inout Held) async throws -> Document {
        guard bytes.count >= BodyReader.large else { return try BodyReader.document(bytes) }
        let indexed = try await judges.run { () throws(Problem) in try BodyReader.indexed(bytes) }
        try held.hold(indexed.treeBytes)
        try await judges.run { () throws(Problem) in
            do throws(JSONError) { try indexed.judge() } catch { throw Problem(error) }
        }
        return indexed
    }

    private static func indexed(_ bytes: [UInt8]) throws(Problem) -> Document {
        do throws(JSONError) { return try Document(indexing: bytes) } catch { throw Problem(error) }
    }

    /// A short body as JSON.
    ///
    /// - Throws: ``Problem`` 400 with the first fault and its place.
    static func document(_ bytes: [UInt8]) throws(Problem) -> Document {
        do throws(JSONError) { return try Document(bytes) } catch { throw Problem(error) }
    }
}

/// Bytes that are set aside for one body.
private struct Held {
    private let memory: HeldMemory
    private var count = 0

    init(_ memory: HeldMemory) {
        self.memory = memory
    }

    /// - Throws: ``Problem`` 503 when too many are held already.
    mutating func hold(_ bytes: Int) throws(Problem) {
        guard memory.take(bytes) else { throw .memoryFull }
        count += bytes
    }

    func release() {
        memory.giveBack(count)
    }
}
