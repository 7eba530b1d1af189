/// Tells the guards that the answer that is being given breaks off: what was written of it goes out, and then the connection is
/// closed without the answer's end.
struct BreakOff: Sendable {}
