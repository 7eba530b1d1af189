/// The states of models by name.
///
/// Callers choose names where a row serves patterns, so there is a limit to how many are kept.
struct BoundedStates<State: Sendable>: Sendable {
    private var states: [String: State] = [:]
    private let most: Int
    private let initial: State
    /// Whether a state holds nothing that is worth remembering.
    private let isIdle: @Sendable (State) -> Bool

    init(_ initial: State, most: Int = 1000, isIdle: @escaping @Sendable (State) -> Bool) {
        self.initial = initial
        self.most = most
        self.isIdle = isIdle
    }

    /// The state of a model, or that of one that nothing is known of.
    subscript(model: String) -> State { states[model] ?? initial }

    /// All that are kept, by name.
    var all: [(model: String, state: State)] {
        states.map { ($0.key, $0.value) }.sorted { $0.model < $1.model }
    }

    /// Those that are kept, in no order.
    var values: some Sequence<State> { states.values }

    /// Whether there is no room for one more that is worth remembering.
    var isFull: Bool { states.count >= most }

    mutating func change<Result>(_ model: String, _ change: (inout State) -> Result) -> Result {
        if states[model] == nil, isFull { makeRoom() }
        let fresh = initial
        return change(&states[model, default: fresh])
    }

    /// Forgets what is not worth remembering, and where all of it is, the half whose turn it is by chance.
    private mutating func makeRoom() {
        states = states.filter { !isIdle($0.value) }
        guard isFull else { return }
        states = Dictionary(uniqueKeysWithValues: states.prefix(most / 2).map { ($0.key, $0.value) })
    }
}
