import SluiceJSON

/// The visible text of an answer, as its blocks bring it: one block after the other, so that no character reaches from one into
/// the next.
struct AnthropicText: Sendable {
    private var joiner = SurrogateJoiner()

    /// The text that an event completes.
    mutating func take(_ event: AnthropicEvent) -> String {
        switch event.kind {
        case .ping, .other: ""
        case .blockDelta: event.piece.map { take($0) } ?? ""
        default: end() + (event.piece.map { take($0) } ?? "")
        }
    }

    /// The text that a piece completes.
    mutating func take(_ piece: StringPiece) -> String { joiner.take(piece) }

    /// What is left when nothing more comes of a block.
    mutating func end() -> String { joiner.end() }
}
