import SluiceJSON

/// How much of an answer is read, whatever its dialect.
enum AnswerLimits {
    /// Answers with `logprobs` hold far more values than requests do; their size is bounded by the transport.
    static let json = JSONLimits(depth: 64, containers: 1_000_000, isLenient: true)
    /// Error texts are short; what is longer is no explanation.
    ///
    /// In bytes.
    static let errorBody = 64 << 10
}
