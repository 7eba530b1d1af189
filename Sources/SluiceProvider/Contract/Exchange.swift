/// One response being read: pure, with one owner.
///
/// What it returns depends on the bytes alone, not on how they were cut.
public protocol Exchange: Sendable {
    /// Takes the status line and header fields.
    mutating func begin(_ head: ResponseHead) -> [ReplyEvent]

    /// Takes more of the body, cut anywhere; `last` says that the transport ended cleanly after these bytes.
    ///
    /// After an `error` event nothing more is asked. A response that was cut is never fed with `last`.
    mutating func feed(_ chunk: [UInt8], last: Bool) -> [ReplyEvent]

    /// The transport broke off: the error that the head alone has told, and nothing where it told none.
    mutating func breakOff() -> [ReplyEvent]
}

extension Exchange {
    /// An exchange that reads nothing in a head has nothing to tell.
    public mutating func breakOff() -> [ReplyEvent] { [] }
}
