import SluiceJSON
import SluiceMoney
import SluiceProvider
import SluiceStore
import SluiceTypes

/// Gathers an attempt's events into what is stored of them.
///
/// Decides nothing but whether the answer is whole.
struct ReplyAssembler: Sendable {
    private(set) var text = ""
    /// What the provider told last of what was used, whether that is the whole or not; see ``isUsageWhole``.
    private(set) var usage: Usage?
    /// About how many bytes of content came, seen or not.
    private(set) var contentBytes = 0
    /// True while content has come since usage was last told.
    private var isUsageStale = false
    private(set) var finish: String?
    /// The provider's own word for it, where that is another.
    private(set) var finishUpstream: String?
    private(set) var upstreamID: String?
    /// The model that the answer names; nil where it names none.
    private(set) var model: String?
    /// What the provider says that the call cost; nil where it says nothing, or is not believed.
    private(set) var cost: Money?
    private let costFrom: ToldCost?
    /// What ``contentBytes`` was after the provider's last object: text of that one is told before it.
    private var textBytes = 0
    private(set) var error: ProviderError?
    /// The provider's object; empty for a stream, whose chunks are in the log.
    private(set) var body: [UInt8] = []
    let isStream: Bool
    /// The longest id of a provider that is kept, in bytes.
    private static let longestID = 256
    /// True once a cut can lose nothing any more.
    private(set) var isDone = false

    init(isStream: Bool, costFrom: ToldCost? = nil) {
        self.isStream = isStream
        self.costFrom = costFrom
    }

    mutating func apply(_ event: ReplyEvent) {
        switch event {
        case .start(let id, let name):
            if let id, id.utf8.count <= ReplyAssembler.longestID { upstreamID = id }
            if let name, !name.isEmpty, name.utf8.count <= JobLimits.modelBytes { model = name }
        case .text(let piece):
            text += piece
            noteContent(piece.utf8.count)
        case .upstream(_, let object, let stage):
            if !isStream { body = object }
            // Thoughts and arguments: the event's own text, less what frames it.
            if stage == .content, textBytes == contentBytes {
                noteContent(max(object.count - ReplyAssembler.frame, ReplyAssembler.leastContent))
            }
            textBytes = contentBytes
            noteCost(in: object)
        case .usage(let count):
            usage = count
            isUsageStale = false
        case .finish(let reason, let word):
            guard finish == nil else { return }
            (finish, finishUpstream) = (reason, word)
        case .terminal(_, let object):
            isDone = true
            noteCost(in: object)
        case .error(let failure): error = error ?? failure
        // The log has them, for readers who come before the end.
        case .fields: break
        }
    }

    /// Whether the usage that was told is that of the whole answer: the model had finished, or failed, and nothing more was written.
    var isUsageWhole: Bool {
        usage != nil && (!isUsageStale && (finish != nil || error != nil) || !Promise.usageWhole.holds)
    }

    private mutating func noteContent(_ bytes: Int) {
        contentBytes += bytes
        isUsageStale = true
    }

    /// So many bytes of an event that brings no visible text are its frame, as a rule.
    private static let frame = 200
    /// About one token.
    private static let leastContent = 3

    /// Of several figures the last counts: a stream adds up while it goes on.
    private mutating func noteCost(in object: [UInt8]) {
        guard let costFrom, let document = try? Document(indexing: object, limits: JSONLimits(isLenient: true)),
            let told = costFrom.money(in: document.root)
        else { return }
        cost = told
    }
}
