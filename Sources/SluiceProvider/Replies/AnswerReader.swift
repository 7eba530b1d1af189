/// Reads what a transport brings of one answer, by whichever ``Reading`` its adapter gave.
public struct AnswerReader: Sendable {
    // One of them is there, and is taken out while it reads; not the enumeration, whose value would be copied at each piece
    // of an answer.
    private var pure: (any Exchange)?
    private var remote: (any RemoteExchange)?

    /// Begins an answer.
    public init(_ reading: Reading) {
        switch reading {
        case .pure(let exchange): pure = exchange
        case .remote(let exchange): remote = exchange
        }
    }

    /// What an event of the transport tells, read here and now; nil where somebody else reads: ask
    /// ``readElsewhere(_:)`` then.
    public mutating func readHere(_ event: TransportEvent) -> [ReplyEvent]? {
        switch event {
        case .head(let head): pure?.begin(head)
        case .chunk(let bytes): pure?.feed(bytes, last: false)
        case .end: pure?.feed([], last: true)
        }
    }

    /// What an event of the transport tells, as soon as somebody else has read it.
    ///
    /// Whatever the caller's task runs on, this goes on Swift's own threads: a connection's loop serves others as well.
    ///
    /// Nothing more is asked of one that failed.
    ///
    /// - Throws: ``AdapterFault`` when whoever reads is gone or does not answer.
    public mutating func readElsewhere(_ event: TransportEvent) async throws(AdapterFault) -> [ReplyEvent] {
        guard var remote = remote.take() else { return [] }
        let events = try await withTaskExecutorPreference(globalConcurrentExecutor) { () async throws(AdapterFault) in
            switch event {
            case .head(let head): try await remote.begin(head)
            case .chunk(let bytes): try await remote.feed(bytes, last: false)
            case .end: try await remote.feed([], last: true)
            }
        }
        self.remote = remote
        return events
    }

    /// What the head tells of an answer whose transport broke off; nothing where nobody can tell.
    public mutating func breakOff() async -> [ReplyEvent] {
        if pure != nil { return pure?.breakOff() ?? [] }
        guard var remote = remote.take() else { return [] }
        return await withTaskExecutorPreference(globalConcurrentExecutor) {
            (try? await remote.breakOff()) ?? []
        }
    }
}
