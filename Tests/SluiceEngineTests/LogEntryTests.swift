import SluiceProvider
import SluiceTypes
import Testing

@testable import SluiceEngine

@Suite("The entries of a job's log")
struct LogEntryTests {
    private static let events: [ReplyEvent] = [
        .start(upstreamID: "up-1"), .textDelta("Grüße\n"), .raw(Array("{\"a\":\n1}".utf8)), .raw([]),
        .usage(Usage(promptTokens: 1, completionTokens: 2)), .finish(reason: "stop"), .done,
    ]

    private func log(keepsChunks: Bool) -> [UInt8] {
        let log = JobLog(epoch: 1, keepsChunks: keepsChunks)
        log.append(Array(Self.events.prefix(2)))
        log.append(Array(Self.events.dropFirst(2)))
        return log.bytes
    }

    private func text(_ entry: LogEntry) -> String {
        "\(entry.kind) \(entry.stage) \(String(decoding: entry.payload, as: UTF8.self))"
    }

    /// The entries behind `start`.
    private func entries(_ log: some Collection<UInt8>, from start: Int = LogFormat.start) -> [LogEntry] {
        Array(LogEntries(LogPiece(bytes: Array(log.dropFirst(start)), start: start)))
    }

    @Test("come back as they went in, line ends and empty ones included")
    func roundTrip() {
        #expect(
            LogEntries(log: log(keepsChunks: true)).map(text) == [
                "start preamble up-1", "delta content Grüße\n", "raw content {\"a\":\n1}", "raw content ",
                "usage content {\"promptTokens\":1,\"completionTokens\":2,\"totalTokens\":3}", "finish ending stop",
            ]
        )
    }

    @Test("of a plain answer hold no chunk")
    func plain() {
        #expect(LogEntries(log: log(keepsChunks: false)).map(\.kind) == [.start, .delta, .usage, .finish])
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
