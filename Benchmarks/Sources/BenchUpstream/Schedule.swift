/// A stream by its connection; the serial tells it from a later one with the same descriptor.
struct Ticket {
    var file: Int32
    var serial: Int
}

/// When which stream goes on.
///
/// All wait equally long, so that a line of them is in the order of their times.
struct Schedule {
    private var line: [(moment: UInt64, ticket: Ticket)] = []
    private var first = 0

    mutating func add(_ ticket: Ticket, at moment: UInt64) {
        line.append((moment, ticket))
    }

    /// The first whose moment has come.
    mutating func next(at now: UInt64) -> Ticket? {
        guard first < line.count, line[first].moment <= now else { return nil }
        defer { shift() }
        return line[first].ticket
    }

    private mutating func shift() {
        first += 1
        guard first > 1_024, first > line.count / 2 else { return }
        line.removeFirst(first)
        first = 0
    }

    /// How long `epoll_wait` may wait: without end while nothing is planned.
    func milliseconds(from now: UInt64) -> Int32 {
        guard first < line.count else { return -1 }
        let moment = line[first].moment
        return moment <= now ? 0 : Int32((moment - now + 999_999) / 1_000_000)
    }
}
