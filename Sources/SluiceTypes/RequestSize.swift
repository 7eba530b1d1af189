/// How large a request is, before anybody has counted its tokens: what an attempt of it may use is estimated from that.
public struct RequestSize: Hashable, Sendable {
    /// The tokens that it likely has.
    public var input: Int64
    /// The most tokens that its text can have; of images, documents and sound the same as in ``input``, since nobody can tell.
    public var mostInput: Int64
    /// The most tokens that the model may write for each answer, where the request says so.
    public var mostOutput: Int64?
    /// How many answers are asked for.
    public var answers: Int64
    /// How many searches of the web the provider may make at most.
    public var searches: Int64

    /// Takes all of it; without arguments of a request of which nothing is known.
    public init(
        input: Int64 = 0,
        mostInput: Int64 = 0,
        mostOutput: Int64? = nil,
        answers: Int64 = 1,
        searches: Int64 = 0
    ) {
        self.input = input
        self.mostInput = mostInput
        self.mostOutput = mostOutput
        self.answers = answers
        self.searches = searches
    }
}
