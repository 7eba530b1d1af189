import BenchMachine
import Testing

@testable import BenchLoad

@Suite struct ReplyTests {
    private static let plain = Array("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n{ }\n".utf8)
    private static let stream = Array(
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "d\r\ndata: {\"a\":1}\r\n2\r\n\n\n\r\n16\r\ndata: {}\n\ndata: [DONE]\r\n2\r\n\n\n\r\n0\r\n\r\n").utf8
    )

    private static func read(_ pieces: [[UInt8]]) throws -> Reply {
        var reply = Reply()
        for piece in pieces {
            #expect(!reply.isComplete)
            try reply.feed(piece.span)
        }
        return reply
    }

    @Test func anAnswerOfKnownLengthIsReadInAnyPieces() throws {
        for cut in 1..<Self.plain.count {
            let reply = try Self.read([Array(Self.plain[..<cut]), Array(Self.plain[cut...])])
            #expect(reply.isComplete && reply.status == 200 && reply.length == 4)
        }
    }

    @Test func aStreamIsReadInAnyPieces() throws {
        for cut in 1..<Self.stream.count {
            let reply = try Self.read([Array(Self.stream[..<cut]), Array(Self.stream[cut...])])
            #expect(reply.isComplete && reply.events == 2 && reply.isDone)
        }
    }

    @Test func aStreamWithoutItsEndIsNotRight() throws {
        let cut = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\ndata: {}\n\n\r\n0\r\n\r\n".utf8)
        let reply = try Self.read([cut])
        #expect(reply.isComplete && reply.events == 1)
        #expect(!Expectation.events(1).isMet(by: reply))
    }

    @Test func whatFollowsTheEndIsRefused() {
        #expect(throws: BenchFault.self) { try Self.read([Self.plain + [0x20]]) }
    }

    @Test func anAnswerWithoutLengthOrChunksIsRefused() {
        #expect(throws: BenchFault.self) { try Self.read([Array("HTTP/1.1 200 OK\r\n\r\n".utf8)]) }
    }
}
