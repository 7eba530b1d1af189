/// How a limit of so many a minute stands.
package struct RateState: Sendable, Hashable {
    /// `requests` or `tokens`.
    package var name: String
    package var limit: Int64
    package var left: Int64
    /// How long until all are there again.
    package var reset: Duration
}
