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
    private(set) var usage: Usage?
    private(set) var finish: String?
    /// The provider's own word for it, where that is another.
    private(set) var finishUpstream: String?
    private(set) var upstreamID: String?
    /// The model that the answer names; nil where it names none.
    private(set) var model: String?
    /// What the provider says that the call cost; nil where it says nothing, or is not believed.
    private(set) var cost: Money?
    private let costFrom: ToldCost?
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
        case .text(let piece): text += piece
        case .upstream(_, let object, _):
            if !isStream { body = object }
            noteCost(in: object)
        case .usage(let count): usage = count
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

    /// Of several figures the last counts: a stream adds up while it goes on.
    private mutating func noteCost(in object: [UInt8]) {
        guard let costFrom, let document = try? Document(indexing: object, limits: JSONLimits(isLenient: true)),
            let told = costFrom.money(in: document.root)
        else { return }
        cost = told
    }
}
