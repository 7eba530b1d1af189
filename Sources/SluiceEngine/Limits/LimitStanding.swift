package import SluiceTypes

/// How the limits of an owner or a token stand.
package struct LimitStanding: Sendable {
    package var limits: SpendingLimits
    /// Of the budget; nil without one.
    package var window: BudgetWindow?
    /// Nano-USD.
    package var spent: Int64
    /// Nano-USD that are set aside, by the job.
    package var holds: [JobID: Int64]
    package var underWay: Int
    /// How often a limit that is tried would have refused.
    package var trials: [SpendingLimits.Kind: Int]

    init(_ purse: Purse) {
        limits = purse.limits
        window = purse.window
        spent = purse.spent
        holds = purse.holds.mapValues(\.amount)
        underWay = purse.underWay.count
        trials = purse.trials
    }
}
