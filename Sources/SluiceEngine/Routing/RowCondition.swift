/// What a row is in: several at once, where one model's window is shut and another's calls fail.
package enum RowCondition: String, Sendable, CaseIterable {
    /// Nothing keeps calls from it.
    case ready
    /// An operator has paused it.
    case paused
    /// It lacks what only an operator can give.
    case unusable
    /// One of its keys is refused, or is suspected to be used up.
    case key
    /// Its provider has asked for patience, for a model or all.
    case window
    /// Calls of a model fail.
    case breaker
    /// It can't be reached.
    case unreachable
    /// Something else than its provider's API answers there.
    case misconfigured
}

extension RowStatus {
    /// What keeps calls from it, or from some of its models; ``RowCondition/ready`` alone where nothing does.
    package var conditions: Set<RowCondition> {
        var conditions: Set<RowCondition> = pause == nil ? [] : [.paused]
        guard isSetUp else { return conditions.union([.unusable]) }
        if unavailable != nil { conditions.insert(.unusable) }
        if credentials.contains(where: { $0.problem != nil }) { conditions.insert(.key) }
        if models.contains(where: { $0.closedUntil != nil }) { conditions.insert(.window) }
        if models.contains(where: { $0.restsUntil != nil }) { conditions.insert(.breaker) }
        if awayUntil != nil { conditions.insert(.unreachable) }
        if misconfigured != nil { conditions.insert(.misconfigured) }
        return conditions.isEmpty ? [.ready] : conditions
    }
}
