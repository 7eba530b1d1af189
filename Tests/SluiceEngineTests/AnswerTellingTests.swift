import SluiceProvider
import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite("What of an answer may be told")
struct AnswerTellingTests {
    private static func chunk(_ text: String, _ stage: ReplyStage) -> ReplyEvent {
        .upstream(name: nil, Array(text.utf8), stage)
    }

    private static let events = [
        .start(upstreamID: "up-1", model: nil), chunk("role", .preamble), .text("Hi"), chunk("Hi", .content),
        chunk("stop", .ending), .finish(reason: "stop"), chunk("late", .content),
        .usage(Usage(promptTokens: 1, completionTokens: 2)),
        .terminal(name: nil, Array("[DONE]".utf8)),
    ]

    private static func texts(_ piece: LogPiece?) -> [String] {
        (piece.map { Array(LogEntries($0)) } ?? []).filter { [.upstream, .terminal].contains($0.kind) }
            .map { String(decoding: $0.payload, as: UTF8.self) }
    }

    private static func rest(_ telling: inout AnswerTelling) -> [String] {
        var texts: [String] = []
        while let piece = telling.rest() { texts += Self.texts(piece) }
        return texts
    }

    @Test("is its content and what stands before that; the rest from the finish on when it is over", arguments: 1...9)
    func pieces(size: Int) {
        let log = JobLog(epoch: 1, keepsChunks: true)
        var telling = AnswerTelling(of: log)
        var told: [String] = []
        var position = 0
        for start in stride(from: 0, to: Self.events.count, by: size) {
            log.append(Array(Self.events[start..<min(start + size, Self.events.count)]))
            while let piece = log.piece(from: position), !piece.isEmpty {
                position = piece.end
                told += Self.texts(telling.take(piece))
            }
            // Nothing before the content, nothing of the end.
            #expect(told == (start + size > 3 ? ["role", "Hi"] : []))
            #expect(telling.hasBegun == !told.isEmpty)
        }
        log.close()
        #expect(Self.rest(&telling) == ["stop", "late", "[DONE]"])
        #expect(Self.rest(&telling).isEmpty)
    }

    @Test("is the same log, byte for byte and in order")
    func bytes() {
        let log = JobLog(epoch: 1, keepsChunks: true)
        log.append(Self.events)
        log.close()
        var telling = AnswerTelling(of: log)
        var bytes: [UInt8] = []
        if let piece = log.piece(from: 0) { bytes += telling.take(piece)?.bytes ?? [] }
        while let piece = telling.rest() { bytes += piece.bytes }
        #expect(bytes == Array(log.bytes.dropFirst(LogFormat.start)))
    }

    @Test("of a stream without content is nothing before its finish, then its beginning, and its end when it is over")
    func noContent() {
        let log = JobLog(epoch: 1, keepsChunks: true)
        log.append([Self.chunk("created", .preamble)])
        var telling = AnswerTelling(of: log)
        let first = log.piece(from: 0)
        #expect(first.flatMap { telling.take($0) } == nil)
        log.append([.finish(reason: "stop"), .terminal(name: nil, Array("completed".utf8))])
        log.close()
        #expect(Self.texts(first.flatMap { log.piece(from: $0.end) }.flatMap { telling.take($0) }) == ["created"])
        #expect(Self.rest(&telling) == ["completed"])
    }

    @Test("of a stream that broke before its content is nothing")
    func broken() {
        let log = JobLog(epoch: 1, keepsChunks: true)
        log.append([Self.chunk("created", .preamble), .error(ProviderError(.server, "no"))])
        log.close()
        var telling = AnswerTelling(of: log)
        #expect(log.piece(from: 0).flatMap { telling.take($0) } == nil)
    }

    @Test("of one that is nothing but its end is nothing before that")
    func onlyEnd() {
        let log = JobLog(epoch: 1, keepsChunks: true)
        log.append([Self.chunk("all", .ending), .finish(reason: "stop")])
        var telling = AnswerTelling(of: log)
        #expect(log.piece(from: 0).flatMap { telling.take($0) } == nil)
        log.close()
        #expect(Self.rest(&telling) == ["all"])
    }
}
