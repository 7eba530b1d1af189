import SluiceJSON
import SluiceProvider
import SluiceTypes

/// The blocks of an answer that is being read: counts them, and knows which are open.
struct HubBlocks {
    /// One open block.
    private struct Open {
        var index: Int
        var closing = HubClosing()
        /// Citations that have come, each as JSON.
        var citations: [ArraySlice<UInt8>] = []
        /// True once some of it has come.
        var hasGrown = false
    }

    private let dialect: RequestFormat
    private var open: [Open] = []
    private var count = 0
    /// What has happened since ``take()``.
    private var events: [HubEvent] = []
    /// True once a call was opened.
    private(set) var hasCalls = false
    /// True once the model has stopped: what comes then is passed over.
    private(set) var isFinished = false

    init(_ dialect: RequestFormat) {
        self.dialect = dialect
    }

    /// The events since this was last asked.
    mutating func take() -> [HubEvent] {
        defer { events = [] }
        return events
    }

    /// Opens a block and returns its index.
    mutating func begin(_ kind: HubBlockKind) -> Int {
        defer { count += 1 }
        if case .call = kind { hasCalls = true }
        open.append(Open(index: count))
        events.append(.open(index: count, kind))
        return count
    }

    /// Adds to a block; nothing happens for an empty piece.
    mutating func grow(_ index: Int, _ bytes: ArraySlice<UInt8>?) {
        guard let bytes, !bytes.isEmpty, let place = place(index) else { return }
        open[place].hasGrown = true
        events.append(.delta(index: index, bytes))
    }

    /// Whether a block has got anything.
    func hasGrown(_ index: Int) -> Bool { place(index).map { open[$0].hasGrown } ?? true }

    /// Keeps a signature for the block's close; the last one counts.
    mutating func sign(_ index: Int, _ value: SpelledText?) {
        guard let value, !value.isEmpty, let place = place(index) else { return }
        open[place].closing.opaque = HubOpaque(dialect, value)
    }

    /// Keeps a citation for the block's close.
    mutating func cite(_ index: Int, _ citation: JSONValue) {
        guard let place = place(index) else { return }
        open[place].citations.append(citation.bytes)
    }

    /// Closes a block; nothing happens for one that is closed.
    mutating func close(_ index: Int?) {
        guard let index, let place = place(index) else { return }
        var block = open.remove(at: place)
        if !block.citations.isEmpty {
            let array = JSONWriter.bytes { $0.array { array in for one in block.citations { array.raw(one) } } }
            block.closing.citations = HubForeign(dialect, SpelledJSON(bytes: array[...]))
        }
        events.append(.close(index: index, block.closing))
    }

    /// Tells a whole part as blocks of its own.
    mutating func add(_ part: HubPart) {
        for event in HubAnswer([part]).events {
            switch event {
            case .open(_, let kind): _ = begin(kind)
            case .delta(_, let bytes): grow(count - 1, bytes)
            case .close(_, let closing):
                if let place = place(count - 1) { open[place].closing = closing }
                close(count - 1)
            case .finish: break
            }
        }
    }

    /// Closes what is open, and tells why the model stopped.
    mutating func finish(_ finish: HubFinish) {
        guard !isFinished else { return }
        for index in open.map(\.index).sorted() { close(index) }
        isFinished = true
        events.append(.finish(finish))
    }

    private func place(_ index: Int) -> Int? { open.firstIndex { $0.index == index } }
}
