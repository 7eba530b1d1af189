import SluiceStore
import SluiceTypes

/// The lines of owners, of the groups that were claimed from and hold something still.
///
/// They are made from the database when they are asked for, and kept true from then on: whatever queues a job notes it here.
/// What a transaction noted that came to nothing is forgotten with all the rest.
struct OwnerLines: Sendable {
    private var lines: [JobGroup: OwnerLine] = [:]

    /// Takes the line of a group out, for a claim; nil where it has to be made.
    mutating func take(_ group: JobGroup) -> OwnerLine? { lines.removeValue(forKey: group) }

    /// Keeps the line of a group; an empty one is not worth it.
    mutating func put(_ line: OwnerLine, of group: JobGroup) {
        guard !line.isEmpty else { return }
        lines[group] = line
    }

    /// A job was queued.
    mutating func note(_ group: JobGroup, of owner: OwnerID, dueAt moment: Timestamp) {
        guard Promise.turnsNoted.holds else { return }
        // By its place: a subscript that might also insert allocates, even where there is nothing.
        guard let place = lines.index(forKey: group) else { return }
        lines.values[place].note(owner, dueAt: moment)
    }

    /// What is known may be wrong: each line is made anew when it is asked for.
    mutating func forget() {
        lines = [:]
    }
}
