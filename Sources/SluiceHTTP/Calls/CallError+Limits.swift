import HTTPTypes
import SluiceEngine
import SluiceTypes

extension CallError {
    /// What the caller is told whose owner's or token's limits say no; amounts of money only where `seesMoney`.
    ///
    /// Source of type and codes: OpenAI's guide "Error codes"; of what makes clients stop, or come again, their SDKs' own source.
    static func limited(_ refusal: LimitRefusal, seesMoney: Bool) -> CallError {
        let sentence = refusal.sentence(seesMoney: seesMoney)
        switch refusal.reason {
        case .spent, .tooLittle:
            let headers = CallError.final(refusal.wait)
            return CallError(
                .tooManyRequests,
                type: "insufficient_quota",
                code: "insufficient_quota",
                sentence,
                headers: headers
            )
        case .never:
            return CallError(.badRequest, code: "never_passes", sentence, headers: [.shouldRetry: "false"])
        case .notPriced, .notRecorded, .ownerDisabled:
            return CallError(
                .forbidden,
                type: "permission_error",
                code: refusal.code,
                sentence,
                headers: [.shouldRetry: "false"]
            )
        case .requests, .tokens, .atOnce, .held, .queueFull:
            var error = CallError(
                .tooManyRequests,
                type: "rate_limit_error",
                code: "rate_limit_exceeded",
                sentence
            )
            // Clients give up where they are to wait for longer than a minute.
            error.wait(min(max(refusal.wait ?? .seconds(1), .milliseconds(1)), .seconds(60)))
            return error
        }
    }

    /// What makes a 429 final for so long, or for a day where nobody knows.
    ///
    /// SDKs obey the first field, and agents that don't give up at the second, which is longer than any of them waits.
    static func final(_ wait: Duration?) -> HTTPFields {
        let seconds = wait.map { max(121, $0.components.seconds + ($0.components.attoseconds > 0 ? 1 : 0)) } ?? 86_400
        return [.shouldRetry: "false", .retryAfter: String(seconds)]
    }
}

extension Problem {
    /// What the caller of the native API is told whose limits say no.
    init(_ refusal: LimitRefusal, seesMoney: Bool) {
        let error = CallError.limited(refusal, seesMoney: seesMoney)
        self.init(error.status, refusal.problem, error.message, headers: error.headers)
    }
}

extension LimitRefusal {
    /// The code of a refusal that is no matter of numbers.
    fileprivate var code: String { problem.replacing("-", with: "_") }

    /// The last part of a problem's type.
    fileprivate var problem: String {
        switch reason {
        case .spent, .tooLittle: "budget-spent"
        case .held: "budget-held"
        case .never: "never-passes"
        case .notPriced: "model-not-priced"
        case .notRecorded: "not-recorded"
        case .ownerDisabled: "owner-disabled"
        case .requests, .tokens, .atOnce: "rate-limited"
        case .queueFull: "queue-full"
        }
    }

    /// What is told: the limit, what is needed, when it passes, and what is left.
    fileprivate func sentence(seesMoney: Bool) -> String {
        let whose = isToken ? "this API token's" : "your"
        let reset = resetAt.map { "at \($0)" }
        let budget = seesMoney ? "\(whose) budget of \(limit)" : "\(whose) budget"
        let amounts = seesMoney ? [need.map { "the call needs \($0)" }, left.map { "\($0) are left" }] : []
        let detail = amounts.compactMap(\.self).joined(separator: ", ")
        let told = detail.isEmpty ? "" : " (\(detail))"
        let again = reset.map { "; it begins anew \($0)" } ?? "; ask the gateway's operator for a larger one"
        switch reason {
        case .requests, .tokens:
            let needs = need.map { ", the call needs \($0)" } ?? ""
            let has = left.map { ", \($0) are left" } ?? ""
            return "\(whose) limit of \(limit) is reached\(needs)\(has)" + (reset.map { "; try again \($0)" } ?? "")
        case .atOnce: return "\(whose) limit of \(limit) is reached; try again when one of them has ended"
        case .queueFull: return "\(whose) limit of \(limit) is reached; try again when some of them have been done"
        case .spent: return "\(budget) is spent\(told)\(again)"
        case .tooLittle:
            return "\(budget) has less left than this call may cost\(told); ask for fewer tokens (max_tokens)"
                + (reset.map { ", or wait until it begins anew \($0)" } ?? "")
        case .held(let calls):
            let others = calls == 1 ? "1 call" : "\(calls) calls"
            return "what is left of \(budget) may be used up by \(others) under way\(told); try again in a few seconds"
        case .never(.budget):
            return
                "this call may cost more than all of \(budget)\(told); ask for fewer tokens (max_tokens), or for a larger budget"
        case .never:
            let needs = need.map { ", and this call needs \($0)" } ?? ""
            return "\(whose) limit is \(limit)\(needs): it can never pass; send less, or ask for a larger limit"
        case .notPriced(let model, let row):
            return
                "nobody knows what \(model) costs at the provider row \(row), and \(whose) limits take models with a price alone; "
                + "the gateway's operator can say its price (sluice price set), or let it pass (sluice owner limit --unpriced)"
        case .ownerDisabled: return "the owner of this API token is disabled; tell the gateway's operator"
        case .notRecorded:
            return "\(whose) budget can't be kept while this gateway records nothing (--record none)"
        }
    }
}

extension HTTPFields {
    /// Tells whoever has limits how these stand, in place of what the provider said of its own.
    ///
    /// Source: OpenAI's guide "Rate limits", section "Rate limits in headers"; Anthropic's page "Rate limits", section "Response
    /// headers".
    mutating func tell(_ rates: [RateState], on surface: Surface, at now: Timestamp) {
        for rate in rates {
            let isAnthropic = surface == .anthropic
            let name = { (what: String) in
                isAnthropic ? "anthropic-ratelimit-\(rate.name)-\(what)" : "x-ratelimit-\(what)-\(rate.name)"
            }
            let reset = isAnthropic ? now.adding(rate.reset).description : HTTPFields.seconds(rate.reset)
            let fields = [("limit", String(rate.limit)), ("remaining", String(rate.left)), ("reset", reset)]
            for (what, value) in fields { self[HTTPField.Name.known(name(what))] = value }
        }
    }

    private static func seconds(_ duration: Duration) -> String {
        let milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        guard rest > 0 else { return "\(whole)s" }
        let digits = String(rest)
        return "\(whole).\(String(repeating: "0", count: 3 - digits.count))\(digits)s"
    }
}
