/// Where a page of jobs that have not ended stopped.
///
/// It names what the store's order goes by and no job, so that a page begins behind its place whatever has become of the
/// job that stood there.
package struct OpenJobPlace: Sendable, Hashable {
    /// In which of the two walks.
    package let state: OpenState
    /// The number that the job got when it came in.
    package let number: Int64
    /// Whose it is: owners stand before numbers.
    package let owner: String

    /// The place of a job.
    package init(_ state: OpenState, owner: String, number: Int64) {
        self.state = state
        self.owner = owner
        self.number = number
    }

    /// Before every job of a state.
    package static func beginning(of state: OpenState) -> OpenJobPlace {
        OpenJobPlace(state, owner: "\u{10FFFF}", number: .max)
    }

    /// Whether a job at `other` of the same state comes later in the order.
    package func precedes(_ other: OpenJobPlace) -> Bool {
        // Bytes decide, as they do in a database.
        if owner.utf8.elementsEqual(other.owner.utf8) { return other.number < number }
        return other.owner.utf8.lexicographicallyPrecedes(owner.utf8)
    }
}

extension OpenJobPlace: CustomStringConvertible {
    /// The text form, which ``init(_:)-(String)`` takes.
    package var description: String { "\(state.rawValue):\(number):\(owner)" }

    /// Reads the text form; nil for any other text.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let state = OpenState(rawValue: String(parts[0])), let number = Int64(parts[1]) else {
            return nil
        }
        self.init(state, owner: String(parts[2]), number: number)
    }
}
