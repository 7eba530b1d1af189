/// Something that can be made again of what stands beside it, and is kept as long as it is at hand: it makes no difference
/// between two values.
struct AtHand<Value: Sendable>: Sendable, Hashable {
    let value: Value?

    init(_ value: Value? = nil) {
        self.value = value
    }

    static func == (left: AtHand, right: AtHand) -> Bool { true }

    func hash(into hasher: inout Hasher) {}
}
