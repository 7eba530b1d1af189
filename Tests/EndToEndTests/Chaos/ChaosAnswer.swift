import SluiceJSON

/// What the caller of a call was answered.
struct ChaosAnswer: Sendable, CustomStringConvertible {
    var prompt: Int
    /// When it asked, and when it had its answer.
    var at: Duration
    var until: Duration
    var status: Int
    /// Whether the error stands in a stream that had begun.
    var isInStream = false
    /// The code of its error; nil for an answer.
    var code: String?
    /// What it was told; nil for an error.
    var text: String?
    /// Whether it is told that it may be charged for, where that can be told.
    var possiblyCharged = false
    /// The job that it was told of.
    var job: String?

    var description: String {
        let place = isInStream ? " in the stream" : ""
        let charge = possiblyCharged ? ", possibly charged" : ""
        return "\(status) \(code ?? "")\(place)\(charge) from \(at.told) to \(until.told)"
    }

    /// Whether it is an error.
    var isError: Bool { text == nil }
}

extension ChaosAnswer {
    init(to prompt: ChaosPrompt, _ answer: Answer, at: Duration, until: Duration) {
        self.init(prompt: prompt.number, at: at, until: until, status: answer.status)
        job = answer["x-sluice-job"]
        possiblyCharged = answer["x-sluice-possibly-charged"] == "true"
        let events = prompt.way == .stream && answer.status == 200 ? answer.events : []
        let last = events.last { $0 != "[DONE]" }.map { Array($0.utf8) } ?? answer.body
        if let error = (try? Document(last))?.root[key: "error"] {
            isInStream = answer.status == 200
            code = error[key: "code"]?.string ?? "none"
        } else if prompt.way == .stream {
            if events.last == "[DONE]", !answer.isCut { text = try? answer.said }
        } else {
            text = (try? answer.json())?[key: "choices"]?[0]?[key: "message"]?[key: "content"]?.string
        }
    }
}
