import SluiceTypes

/// What the router knows of one row.
struct RowState: Sendable {
    /// What it knows of one model of it, by the name that the provider knows.
    struct Model: Sendable {
        var breaker = Breaker()
        var ramp = Ramp()
    }

    /// The hash of the configuration of which this is known.
    var configuration: String
    /// Why it can't be used; nil where it can.
    var fault: RowFault?
    /// Where something else than the provider's API answered last; nil where none did.
    var misplacement: Misplacement?
    var allowances = LeftAllowances()
    private(set) var models = BoundedStates(Model()) { $0.breaker.isIdle && $0.ramp.isIdle }

    init(configuration: String) {
        self.configuration = configuration
    }

    mutating func change<Result>(_ model: String, _ change: (inout Model) -> Result) -> Result {
        models.change(model, change)
    }

    /// An outage has ended: no model lets its backlog out at once.
    mutating func beginAnew() {
        for (model, _) in models.all { models.change(model) { $0.ramp.beginAnew(for: .all) } }
    }
}
