import NIOCore

/// How many of the files and sockets that the process may hold open go to what.
struct FileBudget: Equatable {
    /// How many calls to providers may be under way.
    let calls: Int
    /// How many callers' connections are held at once; a caller beyond them waits to be accepted.
    let connections: Int
    /// A sentence where that is less than was wished for.
    private(set) var complaint: String?

    /// What the store, the log, the loops and the operators' socket need, where there is plenty.
    private static let reserve = 256

    /// Shares out `limit` open files.
    ///
    /// What is set aside for all else, and for the calls that run, no caller's connection takes.
    init(limit: UInt64, connections: Int, calls: Int, cores: Int = System.coreCount) {
        let limit = Int(clamping: limit)
        guard connections + calls + FileBudget.reserve > limit else {
            self.calls = calls
            // Beyond the wish they are accepted and told so.
            self.connections = limit - calls - FileBudget.reserve
            return
        }
        let own = max(40 + 8 * cores, min(FileBudget.reserve, limit / 4))
        let rest = max(limit - own, 2)
        self.calls = min(calls, max(rest - connections, rest / 3, 1))
        self.connections = max(min(connections, rest - self.calls), 1)
        let few =
            self.connections < connections
            ? "\(self.connections) connections and \(self.calls) calls at most" : "\(self.calls) calls at most"
        complaint = """
            Only \(limit) files may be open, too few for \(connections) connections and \(calls) calls to providers, so there are \
            \(few): raise the limit to \(connections + calls + FileBudget.reserve) (LimitNOFILE= in a systemd unit, ulimit -n in a \
            shell), or lower --max-connections or --max-calls.
            """
    }
}
