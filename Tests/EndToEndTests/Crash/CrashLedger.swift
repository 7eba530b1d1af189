import Synchronization

/// What the callers were told, kept outside of the gateway, and every contradiction to it.
///
/// It knows nothing of the gateway's code: only what was acknowledged, and what must follow. An answer is held against
/// what was known when its request left, since answers overtake each other.
final class CrashLedger: Sendable {
    /// What contradicts what.
    enum Kind: String, Sendable {
        /// Acknowledged, and not found.
        case lost
        /// Found, and not what it was.
        case changed
        /// Called twice, and nothing says so; or not called as often as told.
        case miscounted
        /// Anything else that must not be.
        case wrong
    }

    struct Fault: Sendable, CustomStringConvertible {
        var kind: Kind
        var id: String
        var sentence: String

        var description: String { "\(kind.rawValue): job \(id): \(sentence)" }
    }

    enum Deletion: Sendable {
        case none, asked, done
    }

    /// All that is known of one job.
    struct Entry: Sendable {
        var id: String
        var prompt: CrashPrompt
        var owner: Int
        var end: SeenEnd?
        var isCancelAsked = false
        var isCancelled = false
        var deletion = Deletion.none
        var attempts: [SeenAttempt] = []
        /// The newest record after the end, without its long parts.
        var tries = 0
        var possiblyCharged = false
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var open: Set<String> = []
        var faults: [Fault] = []
        var faultCount = 0
    }

    private let state = Mutex(State())

    var acknowledged: Int { state.withLock { $0.entries.count } }
    var openCount: Int { state.withLock { $0.open.count } }
    var open: [Entry] { state.withLock { state in state.open.compactMap { state.entries[$0] } } }
    var entries: [String: Entry] { state.withLock { $0.entries } }
    var faults: [Fault] { state.withLock { $0.faults } }

    /// What is known of `id` before a request about it leaves.
    func look(_ id: String) -> Entry? { state.withLock { $0.entries[id] } }

    func note(_ kind: Kind, _ id: String, _ sentence: String) {
        state.withLock { Self.note(kind, id, sentence, &$0) }
    }

    private static func note(_ kind: Kind, _ id: String, _ sentence: String, _ state: inout State) {
        state.faultCount += 1
        // The first ones tell; a gateway that loses everything must not drown them.
        if state.faults.count < 50 { state.faults.append(Fault(kind: kind, id: id, sentence: sentence)) }
    }

    // MARK: What callers did

    /// A prompt was taken under this id; each prompt has one, however often it was sent, until that one lets its key go.
    func acknowledge(_ prompt: CrashPrompt, id: String, owner: Int) {
        state.withLock { state in
            guard state.entries[id] == nil else { return }
            state.entries[id] = Entry(id: id, prompt: prompt, owner: owner)
            state.open.insert(id)
        }
    }

    func askToCancel(_ id: String) { state.withLock { $0.entries[id]?.isCancelAsked = true } }

    func acknowledgeCancel(_ id: String) { state.withLock { $0.entries[id]?.isCancelled = true } }

    func askToDelete(_ id: String) { state.withLock { $0.entries[id]?.deletion = .asked } }

    func acknowledgeDeletion(_ id: String) { state.withLock { $0.entries[id]?.deletion = .done } }

    // MARK: What callers saw

    /// A record was answered to a request that left when `before` was known.
    func saw(_ record: SeenRecord, since before: Entry) {
        state.withLock { state in
            guard var entry = state.entries[before.id] else { return }
            func note(_ kind: Kind, _ sentence: String) { Self.note(kind, before.id, sentence, &state) }
            if before.deletion == .done { note(.wrong, "it was deleted, and is shown again") }
            if record.id != entry.id { note(.wrong, "another id is shown: \(record.id)") }
            if record.prompt != entry.prompt.promptText { note(.changed, "the prompt is \(record.prompt)") }
            if record.metadata != entry.prompt.metadataText { note(.changed, "the metadata are \(record.metadata)") }
            if let end = record.end {
                if let known = entry.end, known != end { note(.changed, "it had ended so: \(known), and now: \(end)") }
                if entry.end == nil, let fault = entry.fault(of: end) { note(fault.kind, fault.sentence) }
                if entry.isCancelled, end.status != "cancelled" {
                    note(.changed, "its cancellation was undone: \(end)")
                }
                entry.end = entry.end ?? end
                entry.tries = record.attempts
                entry.possiblyCharged = record.possiblyCharged
            } else {
                if let known = before.end { note(.changed, "it had ended so: \(known), and is \(record.status)") }
                if before.isCancelled { note(.changed, "its cancellation was undone: it is \(record.status)") }
            }
            state.entries[entry.id] = entry
            if entry.end != nil { state.open.remove(entry.id) }
        }
    }

    /// 404 was answered to a request that left when `before` was known.
    func missed(since before: Entry) {
        state.withLock { state in
            guard let entry = state.entries[before.id], entry.deletion == .none else { return }
            Self.note(.lost, entry.id, "\(entry.prompt.word) was acknowledged, and is not found", &state)
        }
    }

    /// The attempts were answered to a request that left when `before` was known.
    func saw(_ attempts: [SeenAttempt], since before: Entry) {
        state.withLock { state in
            guard var entry = state.entries[before.id] else { return }
            let epochs = attempts.map(\.epoch)
            if zip(epochs, epochs.dropFirst()).contains(where: { $0 >= $1 }) {
                Self.note(.wrong, entry.id, "the epochs of its attempts fall: \(epochs)", &state)
            }
            let known = before.attempts
            let isKept = zip(known, attempts).allSatisfy { $0.epoch == $1.epoch && $1.follows($0) }
            if attempts.count < known.count || !isKept {
                Self.note(.changed, entry.id, "its attempts were \(known), and are \(attempts)", &state)
            }
            if attempts.count >= entry.attempts.count { entry.attempts = attempts }
            state.entries[entry.id] = entry
        }
    }
}

extension CrashLedger.Entry {
    /// Why it can't have ended so; nil when it can.
    fileprivate func fault(of end: SeenEnd) -> (kind: CrashLedger.Kind, sentence: String)? {
        switch end.status {
        case "succeeded":
            end.response == prompt.answer ? nil : (.changed, "its answer is \(end.response ?? "none")")
        case "cancelled": isCancelAsked ? nil : (.wrong, "it is cancelled, and nobody asked for that")
        case "dead":
            switch end.errorClass {
            case "poison": nil
            case "interrupted" where !prompt.retries, "network" where !prompt.retries: nil
            default: (.wrong, "it is dead of \(end.errorClass ?? "nothing"), for no reason that the provider gave")
            }
        default: (.wrong, "no job ends as \(end.status)")
        }
    }
}

extension SeenAttempt {
    /// Whether the line may be what became of `earlier`.
    func follows(_ earlier: SeenAttempt) -> Bool {
        switch earlier.outcome {
        case nil, outcome: true
        // What came of it was learnt later.
        case "interrupted": outcome == "late"
        case "cancelled": outcome == "released"
        default: false
        }
    }
}
