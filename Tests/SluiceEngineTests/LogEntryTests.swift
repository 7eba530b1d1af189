import SluiceProvider
import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite("The entries of a job's log")
struct LogEntryTests {
    private static let events: [ReplyEvent] = [
        .start(upstreamID: "up-1", model: "m"), .upstream(name: nil, Array("{}".utf8), .preamble), .text("Grüße\n"),
        .upstream(name: "delta", Array("{\"a\":\n1}".utf8), .content), .fields(["x": "1"]),
        .upstream(name: nil, [], .preamble), .upstream(name: nil, Array("end".utf8), .ending), .finish(reason: "stop"),
        .usage(Usage(promptTokens: 1, completionTokens: 2)), .terminal(name: nil, Array("[DONE]".utf8)),
    ]

    private func log(keepsChunks: Bool) -> [UInt8] {
        let log = JobLog(epoch: 1, keepsChunks: keepsChunks)
        log.append(Array(Self.events.prefix(2)))
        log.append(Array(Self.events.dropFirst(2)))
        return log.bytes
    }

    private func text(_ entry: LogEntry) -> String {
        let name = entry.name.isEmpty ? "" : "named " + String(decoding: entry.name, as: UTF8.self) + " "
        return "\(entry.kind) \(entry.stage) \(name)\(String(decoding: entry.payload, as: UTF8.self))"
    }

    /// The entries behind `start`.
    private func entries(_ log: some Collection<UInt8>, from start: Int = LogFormat.start) -> [LogEntry] {
        Array(LogEntries(LogPiece(bytes: Array(log.dropFirst(start)), start: start)))
    }

    @Test("come back as they went in, line ends, names and empty ones included; their stage never goes back")
    func roundTrip() {
        #expect(
            LogEntries(log: log(keepsChunks: true)).map(text) == [
                "start preamble up-1", "upstream preamble {}", "text content Grüße\n",
                "upstream content named delta {\"a\":\n1}", "upstream content ", "upstream ending end",
                "finish ending stop", "usage ending {\"promptTokens\":1,\"completionTokens\":2,\"totalTokens\":3}",
                "terminal ending [DONE]",
            ]
        )
    }

    @Test(
        "hold an error's class, what is known of its shape and status, and what was said, whatever that is",
        arguments: [ErrorEnvelope.openAI, .anthropic, nil],
        [529, nil]
    )
    func errors(envelope: ErrorEnvelope?, status: Int?) throws {
        var error = ProviderError(.overloaded, "no")
        (error.envelope, error.status, error.body) = (envelope, status, Array("{\n\"a\":1}\n".utf8))
        let log = JobLog(epoch: 1, keepsChunks: false)
        log.append([.error(error)])
        let entry = try #require(LogEntries(log: log.bytes).first { _ in true })
        let logged = try #require(LoggedError(entry.payload))
        #expect((logged.errorClass, logged.envelope, logged.body) == (.overloaded, envelope, error.body))
        #expect(logged.status == (envelope == nil ? nil : status))
        #expect(LoggedError([]) == nil && LoggedError(Array("nonsense\n".utf8)[...]) == nil)
    }

    @Test("of a plain answer hold no chunk")
    func plain() {
        #expect(LogEntries(log: log(keepsChunks: false)).map(\.kind) == [.start, .text, .finish, .usage])
    }

    @Test("leave out a name that is longer than its length can say")
    func longName() {
        for (length, isKept) in [(255, true), (256, false)] {
            let log = JobLog(epoch: 1, keepsChunks: true)
            let name = String(repeating: "n", count: length)
            log.append([.upstream(name: name, Array("x".utf8), .content), .text("y")])
            let all = LogEntries(log: log.bytes).map { $0 }
            #expect(all.map { String(decoding: $0.payload, as: UTF8.self) } == ["x", "y"])
            #expect(all.first?.name.count == (isKept ? length : 0))
        }
    }

    @Test("of an error tell its class, and what the provider said")
    func error() {
        let log = JobLog(epoch: 1, keepsChunks: true)
        var error = ProviderError(.rateLimit, "slow down")
        error.body = Array("{\n}".utf8)
        log.append([.error(error)])
        #expect(LogEntries(log: log.bytes).map(text) == ["error preamble rateLimit\n{\n}"])
    }

    @Test("can be read on from the end of each")
    func resume() {
        let log = log(keepsChunks: true)
        let all = entries(log)
        for (index, entry) in all.enumerated() {
            #expect(entries(log, from: entry.end).map(\.end) == all[(index + 1)...].map(\.end))
        }
    }

    @Test("end where the log is torn, and are none in what is no log")
    func torn() {
        let log = log(keepsChunks: true)
        let ends = entries(log).map(\.end)
        for length in log.indices {
            #expect(entries(log.prefix(length)).map(\.end) == ends.filter { $0 <= length })
        }
        #expect(entries("{\"delta\":\"x\"}\n".utf8).isEmpty)
    }

    @Test("stand behind the version of the log, and one of another version is not read")
    func version() {
        let log = log(keepsChunks: true)
        #expect(log.first == LogFormat.version)
        #expect(LogFormat.canRead(log))
        #expect(LogFormat.canRead([]))
        #expect(!LogFormat.canRead([LogFormat.version + 1] + log.dropFirst()))
    }
}
