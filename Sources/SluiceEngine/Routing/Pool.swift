import SluiceTypes

/// Who may answer a route, those first that are asked first: what is known of it until the next reload.
final class Pool: Sendable {
    /// By rising tier, in the file's order.
    let choices: [Choice]
    /// The same for every pool of the same members: who waits for one of these waits for all.
    let line: Int

    init(_ choices: [Choice], line: Int) {
        self.choices = choices
        self.line = line
    }

    /// Whether there is anything to choose.
    var isShared: Bool { choices.count > 1 }
}
