import SluiceProvider
import SluiceStore

extension ThreadTurn {
    /// A stored turn, for a provider that is asked with `account`.
    init(_ ancestor: Ancestor, for account: String) {
        self.init(
            job: ancestor.id,
            input: ancestor.input,
            output: ancestor.log.map { .events(ThreadTurn.events(in: $0.bytes)) } ?? .object(ancestor.result),
            sharesAccount: ancestor.account == account
        )
    }

    /// The provider's events in a log.
    private static func events(in log: [UInt8]) -> [Event] {
        guard LogFormat.canRead(log) else { return [] }
        return LogEntries(log: log).filter { $0.kind == .upstream || $0.kind == .terminal }
            .map { Event(name: $0.name, data: $0.payload) }
    }
}
