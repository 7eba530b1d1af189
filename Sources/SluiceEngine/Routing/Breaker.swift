import SluiceTypes

/// Tells when one model of a row rests because its calls fail: a plain value that decides and does nothing.
///
/// It opens after ``failuresInARow`` calls that failed without an answer in between, or when half of the last ``ring`` did.
/// Each job counts once, so that one poisonous prompt opens nothing by its retries. What one owner's calls have met alone
/// holds up that owner alone. While it is open one call at a time finds out whether the provider is well again.
struct Breaker: Sendable {
    /// So many open it.
    static let failuresInARow = 5
    /// So many ends of calls are remembered; half of them open it.
    static let ring = 20

    private struct Note {
        var job: JobID
        var owner: OwnerID
        var failed: Bool
    }

    private var notes: [Note] = []
    private var open: (rest: Rest, affected: Affected)?

    /// Whether calls of `owner` fail now, so that it takes none of them but probes.
    func isOpen(to owner: OwnerID) -> Bool { open?.affected.includes(owner) ?? false }

    /// For whom it is open; nil while it is closed.
    var affected: Affected? { open?.affected }

    /// When the next probe may start; nil while it is closed.
    var restsUntil: Duration? { open?.rest.end }

    /// Whether it holds nothing that is worth remembering.
    var isIdle: Bool { open == nil && notes.allSatisfy { !$0.failed } }

    /// Whether a call of `owner` may start: nil stands for whoever is not named.
    func passage(of owner: OwnerID?, at uptime: Duration) -> Passage {
        guard let open, open.affected.includes(owner) else { return .open }
        return open.rest.passage(at: uptime)
    }

    mutating func beginProbe(at uptime: Duration) -> Duration? { open?.rest.beginProbe(at: uptime) }

    mutating func endProbe(_ mark: Duration?) {
        open?.rest.endProbe(mark)
    }

    /// A call was answered, or its answer has begun.
    ///
    /// For whom it was open; nil where it was closed.
    @discardableResult
    mutating func noteWell(_ job: JobID, of owner: OwnerID) -> Affected? {
        if let affected = open?.affected {
            open = nil
            notes = []
            return affected
        }
        add(Note(job: job, owner: owner, failed: false))
        return nil
    }

    /// A call failed in a way that may be the provider's fault; `probe` is its mark, where it was one.
    mutating func noteFailure(_ job: JobID, of owner: OwnerID, probe: Duration?, at uptime: Duration) {
        guard open == nil else {
            open?.affected.widen(by: owner)
            open?.rest.noteFailure(of: probe, at: uptime)
            return
        }
        guard !notes.contains(where: { $0.failed && $0.job == job }) else { return }
        add(Note(job: job, owner: owner, failed: true))
        guard let affected = verdict else { return }
        open = (Rest(at: uptime), affected)
    }

    private mutating func add(_ note: Note) {
        if notes.count == Breaker.ring { notes.removeFirst() }
        notes.append(note)
    }

    /// Whom the notes say it should be open for; nil for nobody.
    private var verdict: Affected? {
        let failed = notes.filter(\.failed)
        let isRun = notes.count >= Breaker.failuresInARow && notes.suffix(Breaker.failuresInARow).allSatisfy(\.failed)
        let isHalf = notes.count == Breaker.ring && failed.count * 2 >= Breaker.ring
        guard isRun || isHalf else { return nil }
        let counts = Dictionary(grouping: failed, by: \.owner).mapValues(\.count)
        guard let owner = counts.max(by: { $0.value < $1.value })?.key else { return nil }
        // The others', where there are any: do they fail as well?
        let others = notes.filter { $0.owner != owner }
        let othersFailed = others.count { $0.failed }
        return othersFailed > 0 && othersFailed * 2 >= others.count ? .all : .owner(owner)
    }
}
