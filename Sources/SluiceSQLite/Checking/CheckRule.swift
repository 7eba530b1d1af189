import SluiceStore

/// One thing that must hold of all jobs, as a statement that finds those it does not hold for.
///
/// The statement answers the number of a job for each, or the number that a row of another table carries in place of one.
struct CheckRule: Sendable {
    let guarantee: Guarantee
    /// What should hold: one clause.
    let rule: String
    let sql: String
    /// True where the statement answers what is wrong, behind the number.
    let tellsWhat: Bool

    init(_ guarantee: Guarantee, _ rule: String, _ sql: String, tellsWhat: Bool = false) {
        self.tellsWhat = tellsWhat
        self.guarantee = guarantee
        self.rule = rule
        self.sql = sql
    }

    /// All of them, in the order of the guarantees.
    ///
    /// That a job which is gone was acknowledged (I1), or that a state was another one yesterday (I2, I4), can't be seen in
    /// what is stored today; what can be seen is the trace that such a loss leaves in the other tables.
    static let all =
        columns + words + found + endIsAnEnd + oneResult + epochGrows + resultOfItsEpoch + counters + oneAttemptPerClaim
        + somebodyRunsIt
        + keys + owners + ledger + counts + threads + deletion
}
