public import SluiceTypes

/// One turn of a thread, as it is stored: what its caller sent, and what came of it.
public struct ThreadTurn: Sendable {
    /// How many turns of a thread are told to a provider at most.
    public static let most = 200

    /// An event of a stored stream.
    public struct Event: Sendable {
        /// Its name; empty where it has none.
        public var name: ArraySlice<UInt8>
        /// Its data.
        public var data: ArraySlice<UInt8>

        /// Creates an event.
        public init(name: ArraySlice<UInt8>, data: ArraySlice<UInt8>) {
            self.name = name
            self.data = data
        }
    }

    /// How an answer is stored.
    public enum Output: Sendable {
        /// The provider's own object.
        case object([UInt8])
        /// The events of its stream, in order.
        case events([Event])
    }

    /// The turn's job.
    public var job: JobID
    /// The body as its caller sent it.
    public var input: [UInt8]
    /// The answer.
    public var output: Output
    /// Whether the account that answered is the one that is asked now.
    public var sharesAccount: Bool

    /// Creates a turn.
    public init(job: JobID, input: [UInt8], output: Output, sharesAccount: Bool) {
        self.job = job
        self.input = input
        self.output = output
        self.sharesAccount = sharesAccount
    }
}
