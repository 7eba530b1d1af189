/// Why a command did not do what it was asked: one sentence with what to do next.
struct Failure: Error, CustomStringConvertible {
    var sentence: String
    /// The gateway's own problem (RFC 9457) in JSON; nil where it was none that refused.
    var problem: [UInt8]?

    init(_ sentence: String, problem: [UInt8]? = nil) {
        self.sentence = sentence
        self.problem = problem
    }

    /// For the name or id of a thing where the empty text was given, as by a variable that is not set.
    static var emptyName: Failure {
        Failure("An empty name or id names nothing: say which one is meant.")
    }

    var description: String { sentence }
}
