import SluiceJSON
import SluiceTypes

/// The items of a thread, of which it is decided what of each goes into a request that says them all.
struct ResponsesThread {
    private enum Origin {
        case input
        case output
        /// The request's own input.
        case own
    }

    private struct Entry {
        let item: ResponsesItem
        let origin: Origin
        /// Whether the account that will be asked has written, or been given, what stands in this turn.
        let sharesAccount: Bool
        /// The job in whose input it stands, and where there, of an item that was sent without an id.
        var place: (job: JobID, index: Int)?

        /// The id under which an item that was sent without one was told to callers.
        var givenID: String? { place.map { ResponsesID.item(item.type, of: $0.job, at: $0.index) } }
    }

    /// What was left out.
    private(set) var dropped = DroppedNames()
    private var carried: [Entry] = []
    private let own: [Entry]
    /// The approvals that the request itself gives: what they are for can't be left out.
    private let approved: Set<String>

    /// Begins with the request's own input.
    ///
    /// - Throws: ``ResponsesFault`` for an input that is neither a text nor a list.
    init(_ call: Document) throws(ResponsesFault) {
        let items = try ResponsesItem.input(of: call.root)
        own = items.map { Entry(item: $0, origin: .own, sharesAccount: true) }
        approved = Set(items.compactMap { $0.kind == .approvalResponse ? $0.approvalRequestID : nil })
    }

    /// Takes the next turn.
    ///
    /// - Throws: ``ResponsesFault`` for one that can't be read.
    mutating func add(_ turn: ResponsesTurn) throws(ResponsesFault) {
        for (index, item) in try turn.inputItems().enumerated() {
            let place = item.id == nil ? (job: turn.job, index: index) : nil
            carried.append(Entry(item: item, origin: .input, sharesAccount: turn.sharesAccount, place: place))
        }
        for item in try turn.outputItems() {
            carried.append(Entry(item: item, origin: .output, sharesAccount: turn.sharesAccount))
        }
    }

    /// The whole thread as one input: JSON text.
    ///
    /// - Throws: ``ResponsesFault`` for what can't be carried, and for more than `limit` bytes.
    mutating func input(limit: Int) throws(ResponsesFault) -> [UInt8] {
        let kept = try sorted()
        try checkCalls(kept)
        var text = [UInt8(ascii: "[")]
        for entry in kept {
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            if entry.origin == .own, !entry.item.isText {
                text += entry.item.value.bytes
            } else {
                text += entry.item.carried
            }
            guard text.count <= limit else { throw .tooLarge(limit: limit) }
        }
        text.append(UInt8(ascii: "]"))
        return text
    }

    /// Every call needs an output somewhere behind it; the first without one is told.
    private func checkCalls(_ kept: [Entry]) throws(ResponsesFault) {
        var answered: Set<String> = []
        var open: String?
        for entry in kept.reversed() {
            guard let id = entry.item.callID else { continue }
            switch entry.item.kind {
            case .result: answered.insert(id)
            case .call:
                let isAnswered = answered.contains(id) || entry.item.id.map { answered.contains($0) } ?? false
                if !isAnswered, !entry.item.isAsync { open = id }
            default: break
            }
        }
        if let open { throw .openCall(open) }
    }
}

// MARK: What is carried

extension ResponsesThread {
    /// The entries that go in, in their order.
    private mutating func sorted() throws(ResponsesFault) -> [Entry] {
        try checkReferences()
        var kept: [Entry] = []
        // What was left out, by the ids of calls and of approvals: their answers go with them.
        var lost: Set<String> = []
        for entry in carried {
            if try keeps(entry, lost) {
                kept.append(entry)
            } else if entry.item.kind != .reference {
                dropped.add(entry.item.type)
                lost.formUnion(
                    [entry.item.callID, entry.item.kind == .approvalRequest ? entry.item.id : nil].compactMap(\.self)
                )
            }
        }
        for entry in own where entry.item.kind != .reference {
            switch entry.item.kind {
            case .result:
                if let id = entry.item.callID, lost.contains(id) { throw .boundElsewhere("the call '\(id)'") }
            case .approvalResponse:
                if let id = entry.item.approvalRequestID, lost.contains(id) {
                    throw .boundElsewhere("the approval request '\(id)'")
                }
            default: break
            }
            kept.append(entry)
        }
        return kept
    }

    /// Whether an item of an earlier turn goes in.
    private func keeps(_ entry: Entry, _ lost: Set<String>) throws(ResponsesFault) -> Bool {
        let item = entry.item
        if item.isBound, !entry.sharesAccount { return false }
        switch item.kind {
        case .plain, .call, .bound: return true
        case .result: return item.callID.map { !lost.contains($0) } ?? true
        // What it names stands in the thread itself, and a provider refuses an item that is there twice.
        case .reference: return false
        case .reasoning: return entry.sharesAccount && item.holdsReasoning
        case .compaction:
            guard !entry.sharesAccount else { return true }
            // The thread has all that an answer made short; what a caller sent so is nowhere else.
            guard entry.origin == .output else { throw .boundElsewhere("a compaction item in an earlier turn") }
            return false
        case .compactionTrigger, .hosted, .approvalResponse: return false
        // One that was answered in an earlier turn would let the tool run once more.
        case .approvalRequest: return entry.sharesAccount && item.id.map { approved.contains($0) } ?? false
        // A caller's own words go to whoever it asks.
        case .unknown: return entry.sharesAccount || entry.origin == .input
        }
    }

    /// A reference must name something in the thread.
    private func checkReferences() throws(ResponsesFault) {
        let entries = carried + own
        let references = entries.filter { $0.item.kind == .reference }
        guard !references.isEmpty else { return }
        let known = Set(entries.lazy.filter { $0.item.kind != .reference }.compactMap { $0.item.id ?? $0.givenID })
        for reference in references {
            let id = reference.item.id ?? ""
            guard known.contains(id) else { throw .unknownItem(id) }
        }
    }
}
