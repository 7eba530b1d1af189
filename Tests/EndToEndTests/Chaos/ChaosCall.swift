/// A request that a provider has read whole, and what it did with it: the provider's side of the ledger.
struct ChaosCall: Sendable, Hashable, CustomStringConvertible {
    /// What it did.
    enum Outcome: Sendable, Hashable {
        /// It sent a whole answer, which it charges for.
        case answered
        /// It sent no answer, or none that can be read, and may charge for it; `begun` tells that content of a stream came before.
        case cut(begun: Bool)
        /// A status of 5xx: nothing was carried out.
        case failed(Int)
        /// Any other refusal.
        case refused(Int)

        /// Whether the provider may charge for it.
        var isPaid: Bool {
            switch self {
            case .answered, .cut: true
            case .failed, .refused: false
            }
        }

        var isCut: Bool { if case .cut = self { true } else { false } }
        var isFailed: Bool { if case .failed = self { true } else { false } }
    }

    /// The number of the prompt.
    var prompt: Int
    var row: ChaosRow
    /// When it was read, and when all was sent that is sent; of what hangs the moment at which nobody waits any more.
    var at: Duration
    var until: Duration
    var outcome: Outcome

    var description: String {
        let what =
            switch outcome {
            case .answered: "answered"
            case .cut(let begun): begun ? "cut behind content" : "cut"
            case .failed(let status), .refused(let status): String(status)
            }
        return "\(row.rawValue) at \(at.told): \(what)"
    }
}

extension Duration {
    /// In seconds, with three decimals, for sentences.
    var told: String { "\((self / .milliseconds(1)).rounded() / 1000) s" }
}
