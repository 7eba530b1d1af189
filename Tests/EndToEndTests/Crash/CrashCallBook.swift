import SluiceJSON
import SluiceTesting
import Synchronization

/// What the callers of the formats' own surfaces were told: of calls that they waited for, and of responses in the background.
///
/// It knows nothing of the gateway's code. What contradicts what goes to the ledger of the run.
final class CrashCallBook: Sendable {
    /// A response in the background.
    struct Background: Sendable {
        var id: String
        var prompt: CrashPrompt
        /// Its events by their numbers, as they were told.
        var events: [Int64: String] = [:]
        /// The greatest of the numbers.
        var last: Int64?
        var end: String?
        var isCancelAsked = false
        var isDeleted = false

        /// Its job's id, in the spelling of the native surface.
        var job: String {
            let hex = Array(id.dropFirst("resp_".count))
            guard hex.count == 32 else { return id }
            return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }.joined(separator: "-")
        }
    }

    /// A call whose caller waited, and was told the id of its job.
    struct Waited: Sendable {
        var job: String
        var prompt: CrashPrompt
        var format: ChatFormat
        /// The provider's id of the answer; nil where it did not come so far.
        var upstreamID: String?
        var wasSuccess: Bool
    }

    private let state = Mutex<(backgrounds: [String: Background], waited: [Waited])>(([:], []))
    private let ledger: CrashLedger

    init(ledger: CrashLedger) {
        self.ledger = ledger
    }

    var backgrounds: [Background] { state.withLock { Array($0.backgrounds.values) } }
    var waited: [Waited] { state.withLock { $0.waited } }

    func look(_ id: String) -> Background? { state.withLock { $0.backgrounds[id] } }

    func note(_ kind: CrashLedger.Kind, _ id: String, _ sentence: String) { ledger.note(kind, id, sentence) }

    func note(_ call: Waited) { state.withLock { $0.waited.append(call) } }

    func acknowledge(_ prompt: CrashPrompt, id: String) {
        state.withLock { $0.backgrounds[id] = $0.backgrounds[id] ?? Background(id: id, prompt: prompt) }
    }

    func askToCancel(_ id: String) { state.withLock { $0.backgrounds[id]?.isCancelAsked = true } }

    func delete(_ id: String) { state.withLock { $0.backgrounds[id]?.isDeleted = true } }

    /// The object was shown, `text` being what it says where it is completed.
    func saw(_ id: String, shown: String?, status: String?, text: String?) {
        guard let known = look(id) else { return }
        if known.isDeleted { note(.wrong, id, "it was deleted, and is shown again") }
        if shown != id { note(.changed, id, "it is shown as \(shown ?? "nothing")") }
        let status = status ?? "nothing"
        if let end = known.end, end != status { note(.changed, id, "it had ended as \(end), and is \(status)") }
        switch status {
        case "queued", "in_progress": return
        case "completed":
            if text != known.prompt.answer { note(.changed, id, "its answer is \(text ?? "none")") }
        case "cancelled":
            if !known.isCancelAsked { note(.wrong, id, "it is cancelled, and nobody asked for that") }
        case "failed": break
        default: note(.wrong, id, "no response ends as \(status)")
        }
        state.withLock { $0.backgrounds[id]?.end = status }
    }

    /// Its events came, to a reader who had all up to `after`, in a stream that ended in order or did not.
    func saw(_ id: String, _ reading: ChatReading, after: Int64?, isCut: Bool) {
        guard let known = look(id) else { return }
        if known.isDeleted { note(.wrong, id, "it was deleted, and is streamed again") }
        if let breach = reading.breach { note(.wrong, id, "its stream is none: \(breach)") }
        if let other = reading.ids.first(where: { $0 != id }) { note(.changed, id, "it is streamed as \(other)") }
        if !reading.isOver, !isCut { note(.wrong, id, "its stream ended in order, and without a last event") }
        for (number, event) in zip(reading.numbers, reading.events) {
            let isLast = reading.isOver && number == reading.numbers.last
            if let after, number <= after, !isLast { note(.wrong, id, "\(number) was told behind \(after)") }
            // A failure is told by the gateway itself, behind whatever its reader has.
            if let other = known.events[number], other != event.data, event.name != "response.failed" {
                note(.changed, id, "\(number) was \(other), and is \(event.data)")
            }
        }
        if reading.isSuccess {
            saw(id, shown: id, status: "completed", text: reading.events.last?.root?[key: "response"]?.responseText)
        }
        state.withLock { state in
            for (number, event) in zip(reading.numbers, reading.events) where event.name != "response.failed" {
                state.backgrounds[id]?.events[number] = event.data
            }
            guard let last = reading.numbers.max() else { return }
            let before = state.backgrounds[id]?.last ?? 0
            state.backgrounds[id]?.last = max(last, before)
        }
    }

    /// 404 was answered.
    func missed(_ id: String) {
        guard let known = look(id), !known.isDeleted else { return }
        note(.lost, id, "\(known.prompt.word) was acknowledged, and is not found")
    }
}
