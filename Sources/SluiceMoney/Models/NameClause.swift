/// Patterns that a name must all fit.
struct NameClause: Hashable, Sendable {
    let patterns: [NamePattern]

    /// How well a name in lower case fits: as well as it does the pattern that it fits worst.
    func fit(_ name: [UInt8]) -> NameFit {
        var worst = NameFit.exact
        for pattern in patterns {
            worst = min(worst, pattern.fit(name))
            guard worst > .none else { return .none }
        }
        return worst
    }
}
