/// Whether a call may pass what may be shut.
enum Passage: Hashable, Sendable {
    /// Whoever comes may pass.
    case open
    /// One call may pass, to find out whether all is well again.
    case probe
    /// Nobody may: for so long, or nil for as long as the call lasts that is finding out.
    case shut(Duration?)

    /// Both have to be passed.
    func and(_ other: Passage) -> Passage {
        switch (self, other) {
        case (.shut(let left?), .shut(let right?)): .shut(max(left, right))
        case (.shut(let left), .shut(let right)): .shut(left ?? right)
        case (.shut, _): self
        case (_, .shut): other
        case (.open, .open): .open
        case (.probe, _), (_, .probe): .probe
        }
    }
}
