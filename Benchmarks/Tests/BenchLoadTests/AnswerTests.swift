import BenchMachine
import Testing

@testable import BenchLoad

@Suite struct AnswerTests {
    private static let id = "01932c5e-7b1a-7c3d-8e4f-0123456789ab"
    private static let text = Array(
        "HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\nLocation: /v1/prompts/\(id)\r\nContent-Length: 4\r\n\r\n{ }\n"
            .utf8
    )

    @Test func aWholeAnswerIsRead() throws {
        let answer = try #require(try Answer.read(Self.text.span))
        #expect(answer.status == 202)
        #expect(String(decoding: Self.text[try #require(answer.job)], as: UTF8.self) == Self.id)
        #expect(String(decoding: Self.text[answer.body], as: UTF8.self) == "{ }\n")
    }

    @Test func anAnswerCutAnywhereIsNotComplete() throws {
        for length in 0..<Self.text.count {
            #expect(try Answer.read(Self.text.span.extracting(0..<length)) == nil)
        }
    }

    @Test func anAnswerWithoutALengthIsRefused() {
        let text = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        #expect(throws: BenchFault.self) { try Answer.read(text.span) }
    }

    @Test func whatIsNoAnswerIsRefused() {
        let text = Array("SSH-2.0-OpenSSH_9.2\r\n".utf8)
        #expect(throws: BenchFault.self) { try Answer.read(text.span) }
    }
}
