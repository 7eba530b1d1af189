import SluiceDialects
import SluiceEngine
import SluiceJSON
import SluiceTypes

/// Writes the stream of a response that runs in the background: under our id, and with numbers that tell their attempt, so that a reader
/// who comes back can say how far it was.
///
/// Each attempt's numbers begin with two for `response.created` and `response.queued`, which the gateway tells itself; what the provider
/// says follows.
struct BackgroundText: EntryWriter {
    private static let own: Int64 = 2

    private let response: ResponsesObject
    private let relabel: ResponsesRelabel
    /// Events up to this number are known to the reader.
    private let after: Int64
    private var base: Int64
    /// How many of the provider's events have come in this attempt.
    private var count: Int64 = 0
    /// The number that was written last, or that the reader has.
    private var last: Int64

    /// Begins with the attempt `epoch`, for a reader who has all up to the number `after`; nil for one who has nothing.
    init(_ response: ResponsesObject, _ relabel: ResponsesRelabel, epoch: Int, after: Int64?) {
        self.response = response
        self.relabel = relabel
        self.after = after ?? -1
        base = BackgroundText.base(epoch)
        last = max(after ?? 0, base)
    }

    private static func base(_ epoch: Int) -> Int64 {
        guard Promise.numbersTellAttempt.holds else { return 0 }
        var numbers = ResponsesNumbers(epoch: epoch)
        return numbers.next()
    }

    /// What the reader is told before anything else: that the response is there, and that it waits where it does.
    mutating func beginning(isQueued: Bool) -> [UInt8] {
        var text: [UInt8] = []
        var numbers = ResponsesNumbers(epoch: ResponsesNumbers.epoch(of: base))
        for (event, number) in [(response.created(&numbers), base), (response.queued(&numbers), base + 1)]
        where number > after && (number == base || isQueued) {
            ServerSentEvent.append(event, to: &text)
            last = number
        }
        return text
    }

    mutating func begin(_ epoch: Int) {
        base = BackgroundText.base(epoch)
        count = 0
    }

    mutating func append(_ entry: LogEntry, to text: inout [UInt8]) {
        guard entry.kind == .upstream || entry.kind == .terminal else { return }
        // It was told already, by ourselves, and a reader is told it once.
        if entry.name.elementsEqual("response.created".utf8) { return }
        let number = next()
        guard number > after || entry.kind == .terminal else { return }
        let data = relabel.event(Array(entry.payload), number: number) ?? Array(entry.payload)
        ServerSentEvent.append(data, named: entry.name, to: &text)
        last = max(last, number)
    }

    private mutating func next() -> Int64 {
        defer { count += 1 }
        return base + min(BackgroundText.own + count, 999_999)
    }

    /// One of its events says it itself.
    var terminalMark: [UInt8] { [] }

    var keepAlive: [UInt8] {
        var text: [UInt8] = []
        ServerSentEvent.append(ResponsesObject.keepAlive(ResponsesNumbers(following: last)), to: &text)
        return text
    }

    func endsInOrder(isFinal: Bool) -> Bool { isFinal }

    /// A response that goes on has not failed: its reader comes back for the rest.
    mutating func broken(by error: CallError, isFinal: Bool) -> [UInt8] {
        guard isFinal else { return [] }
        var numbers = ResponsesNumbers(following: next() - 1)
        let code = ResponsesErrorCode(error.errorClass ?? .server, code: error.code)
        var text: [UInt8] = []
        for event in response.failed(code, error.message, hasBegun: true, &numbers) {
            ServerSentEvent.append(event, to: &text)
        }
        return text
    }
}
