import Glibc

/// How many files and sockets the process may hold open.
enum FileLimit {
    /// Raises the limit as far as this user may, and returns it.
    static func raise() -> UInt64 {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        return UInt64(limit.rlim_cur)
    }

    /// What the store, the log and the operators' socket need.
    private static let reserve = 256

    /// How many calls may be under way beside that many connections, of those that were wished for.
    static func calls(limit: UInt64, connections: Int, wished: Int) -> Int {
        let limit = Int(clamping: limit)
        guard connections + wished + reserve > limit else { return wished }
        return min(wished, max(limit - connections - reserve, max(1, limit / 4)))
    }

    /// A sentence where `limit` is too low for that many connections and calls.
    static func complaint(limit: UInt64, connections: Int, wished: Int) -> String? {
        let calls = calls(limit: limit, connections: connections, wished: wished)
        guard calls < wished else { return nil }
        return """
            Only \(limit) files may be open, too few for \(connections) connections and \(wished) calls to providers, so \
            there are \(calls) calls at most: raise the limit to \(connections + wished + reserve) (LimitNOFILE= in a \
            systemd unit, ulimit -n in a shell), or lower --max-connections or --max-calls.
            """
    }
}
