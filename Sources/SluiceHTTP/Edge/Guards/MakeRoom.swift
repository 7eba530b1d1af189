/// Asks a connection to end as soon as it answers no request, since others wait to be accepted.
struct MakeRoom: Sendable {}
