/// The states of a row's models, by the name that the provider knows.
///
/// Callers choose names where a row serves patterns, so there is a limit to how many are kept.
struct ModelStates {
    static let most = 1000

    private var states: [String: ModelState] = [:]

    subscript(model: String) -> ModelState { states[model] ?? ModelState() }

    /// All that are kept, by name.
    var all: [(model: String, state: ModelState)] {
        states.map { ($0.key, $0.value) }.sorted { $0.model < $1.model }
    }

    mutating func change<Result>(_ model: String, at uptime: Duration, _ change: (inout ModelState) -> Result) -> Result
    {
        if states[model] == nil, states.count >= ModelStates.most { makeRoom(at: uptime) }
        return change(&states[model, default: ModelState()])
    }

    /// Forgets what is not worth remembering, and where all of it is, the half whose turn it is by chance.
    private mutating func makeRoom(at uptime: Duration) {
        states = states.filter { !$0.value.isIdle(at: uptime) }
        guard states.count >= ModelStates.most else { return }
        states = Dictionary(uniqueKeysWithValues: states.prefix(ModelStates.most / 2).map { ($0.key, $0.value) })
    }
}
