/// By what a call is found again by a caller who asks the same.
package struct CallKey: Sendable, Hashable {
    /// Of the request; see ``SluiceStore/NewJob/fingerprint``.
    package let fingerprint: [UInt8]
    /// Of the request and of the name under which a coding agent asked for it, without what is different in each of its tries; nil for a
    /// caller who names nothing of the kind.
    package let agent: [UInt8]?

    package init(_ fingerprint: [UInt8], agent: [UInt8]? = nil) {
        self.fingerprint = fingerprint
        self.agent = agent
    }

    /// Each that finds it.
    var all: [[UInt8]] { [fingerprint] + (agent.map { [$0] } ?? []) }
}
