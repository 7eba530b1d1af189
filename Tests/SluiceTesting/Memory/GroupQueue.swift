import SluiceStore
import SluiceTypes

/// The queued jobs of one group: each owner's in the order in which they are due.
struct GroupQueue: Sendable {
    /// A place in an owner's queue.
    struct Entry: Comparable, Sendable {
        var runAt: Timestamp
        var sequence: Int
        var id: JobID

        init(_ job: MemoryJob) {
            runAt = job.runAt
            sequence = job.sequence
            id = job.id
        }

        static func < (left: Entry, right: Entry) -> Bool {
            (left.runAt, left.sequence) < (right.runAt, right.sequence)
        }
    }

    private var waiting: [OwnerID: [Entry]] = [:]
    /// Those who have something due, from whose turn it is.
    private(set) var line: [OwnerID] = []

    var isEmpty: Bool { waiting.isEmpty }

    /// When the next job is due of all but these owners.
    func nextRunAt(besides owners: Set<OwnerID>) -> Timestamp? {
        waiting.filter { !owners.contains($0.key) }.values.compactMap(\.first?.runAt).min()
    }

    /// As many of those who wait as are told.
    var owners: Set<OwnerID> { Set(waiting.filter { !$0.value.isEmpty }.keys.sorted().prefix(GroupState.mostOwners)) }

    /// Whether a job of the owner waits.
    func has(_ owner: OwnerID) -> Bool { waiting[owner] != nil }

    /// Lets those leave the line who have nothing due at `now`, and those come to its end who have, whoever has had it for longest first.
    mutating func arrange(at now: Timestamp) {
        let first = waiting.compactMapValues(\.first).filter { $0.value.runAt <= now }
        line.removeAll { first[$0] == nil }
        let comers = first.filter { !line.contains($0.key) }
        line += comers.sorted { ($0.value.runAt, $0.key) < ($1.value.runAt, $1.key) }.map(\.key)
    }

    /// Lets an owner who was served go to the end of the line.
    mutating func stepBehind(_ owner: OwnerID) {
        line.removeAll { $0 == owner }
        line.append(owner)
    }

    /// All entries, for a claim that gives no turns.
    var entries: [Entry] {
        waiting.values.joined().sorted()
    }

    /// The owner's job that is due as number `place`, from 0; nil past the last.
    func entry(of owner: OwnerID, _ place: Int) -> Entry? {
        guard let entries = waiting[owner], place < entries.count else { return nil }
        return entries[place]
    }

    mutating func insert(_ entry: Entry, owner: OwnerID) {
        let entries = waiting[owner, default: []]
        waiting[owner, default: []].insert(entry, at: GroupQueue.place(of: entry, in: entries))
    }

    mutating func remove(_ entry: Entry, owner: OwnerID) {
        guard let entries = waiting[owner] else { return }
        let place = GroupQueue.place(of: entry, in: entries)
        guard place < entries.count, entries[place] == entry else { return }
        waiting[owner]?.remove(at: place)
        if entries.count == 1 { waiting[owner] = nil }
    }

    /// The first place whose entry does not come before `entry`.
    private static func place(of entry: Entry, in entries: [Entry]) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle] < entry { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
