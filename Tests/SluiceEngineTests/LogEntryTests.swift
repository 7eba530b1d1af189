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
        "\(entry.kind) \(String(decoding: entry.payload, as: UTF8.self))"
    }

    @Test("come back as they went in, line ends and empty ones included")
    func roundTrip() {
        #expect(
            LogEntries(log(keepsChunks: true)[...]).map(text) == [
                "start up-1", "delta Grüße\n", "raw {\"a\":\n1}", "raw ",
                "usage {\"promptTokens\":1,\"completionTokens\":2,\"totalTokens\":3}", "finish stop",
            ]
        )
    }

    @Test("of a plain answer hold no chunk")
    func plain() {
        #expect(LogEntries(log(keepsChunks: false)[...]).map(\.kind) == [.start, .delta, .usage, .finish])
    }

    @Test("can be read on from the end of each")
    func resume() {
        let log = log(keepsChunks: true)
        let all = Array(LogEntries(log[...]))
        for (index, entry) in all.enumerated() {
            #expect(Array(LogEntries(log[entry.end...])) == Array(all[(index + 1)...]))
        }
    }

    @Test("end where the log is torn, and are none in what is no log")
    func torn() {
        let log = log(keepsChunks: true)
        let ends = LogEntries(log[...]).map(\.end)
        for length in log.indices {
            #expect(LogEntries(log[..<length]).map(\.end) == ends.filter { $0 <= length })
        }
        #expect(Array(LogEntries(Array("{\"delta\":\"x\"}\n".utf8)[...])).isEmpty)
    }
}
