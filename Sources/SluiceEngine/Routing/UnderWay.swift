import SluiceTypes

/// How many calls are under way, and how many may be: a plain value that decides and does nothing.
///
/// No row and no owner takes more than half of all places, and the queue no more than three quarters, so that neither a row
/// that hangs nor an owner who floods nor a backlog leaves nothing to the others.
struct UnderWay: Sendable {
    /// The most calls under way.
    let most: Int
    private(set) var all = 0
    private(set) var queued = 0
    private var rows: [Int] = []
    private var members: [Int] = []
    private var owners: [OwnerID: Int] = [:]

    init(most: Int) {
        self.most = most
    }

    /// The most for one row, and for one owner.
    var half: Int { max(1, most / 2) }

    /// The most for jobs of the queue.
    var threeQuarters: Int { max(1, most / 4 * 3) }

    /// How many more calls may be made at all, or for the queue.
    func room(isQueued: Bool) -> Int {
        isQueued ? min(most - all, threeQuarters - queued) : most - all
    }

    /// How many more calls a row takes that allows so many; below zero after a reload that allows it fewer.
    func room(ofRow number: Int, allowing concurrency: Int?) -> Int {
        min(half, concurrency ?? half) - self[row: number]
    }

    /// How many more calls of `owner` may be made to a row.
    ///
    /// An owner has half of all places, and three quarters while some other row holds half of them: or a row that hangs would
    /// take from its callers what they ask of others.
    func room(of owner: OwnerID, atRow number: Int) -> Int {
        let count = owners[owner, default: 0]
        guard count >= half else { return half - count }
        let isHeldElsewhere = rows.indices.contains { $0 != number && rows[$0] >= half }
        return isHeldElsewhere ? threeQuarters - count : half - count
    }

    /// The owners that have no place left.
    var fullOwners: [OwnerID] {
        all < half ? [] : owners.filter { $0.value >= half }.map(\.key)
    }

    subscript(row number: Int) -> Int { number < rows.count ? rows[number] : 0 }

    subscript(member number: Int) -> Int { number < members.count ? members[number] : 0 }

    /// So many calls begin, or end where the number is below zero.
    mutating func add(_ count: Int, row: Int, member: Int, isQueued: Bool) {
        while rows.count <= row { rows.append(0) }
        while members.count <= member { members.append(0) }
        rows[row] += count
        members[member] += count
        all += count
        if isQueued { queued += count }
    }

    /// A call of `owner` begins.
    mutating func begin(_ owner: OwnerID) {
        owners[owner, default: 0] += 1
    }

    /// A call of `owner` has ended.
    mutating func end(_ owner: OwnerID) {
        guard let count = owners[owner] else { return }
        owners[owner] = count > 1 ? count - 1 : nil
    }
}
