package import SluiceTypes

/// Why an owner's or a token's limits don't let a call pass.
package struct LimitRefusal: Error, Sendable, Hashable {
    package enum Reason: Sendable, Hashable {
        /// Requests a minute.
        case requests
        /// Tokens a minute.
        case tokens
        /// Calls at once.
        case atOnce
        /// Nothing of the budget is left.
        case spent
        /// Less is left than it may cost.
        case tooLittle
        /// So many calls under way may use up what is left.
        case held(by: Int)
        /// It is larger than all that may be had at once.
        case never(SpendingLimits.Kind)
        /// Its model has no price, or none of its own.
        case notPriced(model: String, row: String)
        /// As much waits as may.
        case queueFull
        /// There is a budget, and nothing is recorded that could be counted.
        case notRecorded
        /// An operator has disabled the owner.
        case ownerDisabled
    }

    package var reason: Reason
    /// Whose limit it is: the token's own, or its owner's.
    package var isToken: Bool
    /// What the limit is, in words: `60 requests a minute`, `20 USD a month`.
    package var limit: String
    /// What the call needs, in words; nil where that says nothing.
    package var need: String?
    /// What is left, in words; money only.
    package var left: String?
    /// When it may pass, or when the budget begins anew; nil for never.
    package var resetAt: Timestamp?
    /// How long until then.
    package var wait: Duration?
    /// Of a rate, how long it takes for one more such call.
    var spacing: Duration?

    /// Whether asking again within minutes is of no use.
    package var isFinal: Bool {
        switch reason {
        case .requests, .tokens, .atOnce, .held, .queueFull: false
        case .spent, .tooLittle, .never, .notPriced, .notRecorded, .ownerDisabled: true
        }
    }

    /// Whether it is what the row costs, or that it has no price: another row may do.
    var liesInRow: Bool {
        switch reason {
        case .tooLittle, .held, .never(.budget), .notPriced: true
        case .requests, .tokens, .atOnce, .spent, .never, .notRecorded, .queueFull, .ownerDisabled: false
        }
    }

    /// The clause that says what a queued job waits for.
    package var waitingFor: String {
        let whose = isToken ? "the token's" : "the owner's"
        let until = resetAt.map { " until \($0)" } ?? ""
        switch reason {
        case .requests: return "\(whose) requests a minute\(until)"
        case .tokens: return "\(whose) tokens a minute\(until)"
        case .atOnce: return "\(whose) calls at once"
        case .spent, .tooLittle: return "\(whose) budget\(until)"
        case .held: return "\(whose) budget, which calls under way may use up"
        case .never: return "a larger limit of \(whose.dropLast(2))"
        case .notPriced(let model, let row): return "a price of \(model) at row \(row)"
        case .notRecorded: return "recording"
        case .ownerDisabled: return "an operator, who has disabled its owner"
        case .queueFull: return "room in \(whose) queue"
        }
    }
}
