/// Why a command did not do what it was asked: one sentence with what to do next.
struct Failure: Error, CustomStringConvertible {
    var sentence: String

    init(_ sentence: String) {
        self.sentence = sentence
    }

    var description: String { sentence }
}
