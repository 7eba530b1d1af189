import SluiceJSON
import SluiceTypes

/// The parts of an error, where the common providers put them.
struct ErrorBody {
    /// The provider's sentence; nil where it gave none.
    var message: String?
    var type: String?
    var code: String?
    var parameter: String?
    /// Google's word for it, and how long it asks to wait (google.rpc.ErrorInfo, google.rpc.RetryInfo).
    var reason: String?
    var retryDelay: Duration?
    /// True for what looks like OpenAI's own, which says that its API was reached, and not some server in front of it.
    var isEnvelope = false
    /// The vendor's own shape; nil for those that others write.
    var envelope: ErrorEnvelope?
    /// What the whole object calls itself: `error` in Anthropic's envelope.
    var outerType: String?

    init(_ whole: JSONValue) {
        // Google's endpoint of this dialect puts its errors into a list.
        let root = whole.kind == .array ? whole.elements.first ?? whole : whole
        // `{"error": {…}}` is OpenAI's; others write `{"error": "…"}`, `{"message": "…"}` or `{"detail": "…"}`.
        let error = root[key: "error"].flatMap { $0.isNull ? nil : $0 }
        let holder = error?.kind == .object ? error : root
        isEnvelope = error != nil || root[key: "object"]?.string == "error"
        outerType = root[key: "type"]?.string
        if whole.kind == .object, error?.kind == .object { envelope = outerType == "error" ? .anthropic : .openAI }
        message = ErrorSentence.of(root)
        type = holder?[key: "type"]?.string
        code = holder?[key: "code"]?.string ?? holder?[key: "code"]?.integer.map { String($0) }
        parameter = holder?[key: "param"]?.string ?? ErrorSentence.place(in: root)
        for detail in holder?[key: "details"]?.elements ?? [] {
            reason = reason ?? detail[key: "reason"]?.string
            retryDelay = retryDelay ?? detail[key: "retryDelay"]?.string.flatMap { ErrorBody.seconds($0) }
        }
    }

    /// Reads `body`, where it is JSON or a sentence; nil for a page and for anything else.
    init?(_ body: [UInt8]) {
        if let root = (try? Document(indexing: body, limits: AnswerLimits.json))?.root {
            self.init(root)
            // A sentence in quotation marks is JSON by chance.
            message = message ?? root.string.flatMap { $0.isEmpty ? nil : $0 }
        } else {
            guard let sentence = ErrorSentence.plain(body) else { return nil }
            self.init(sentence: sentence)
        }
    }

    private init(sentence: String) {
        message = sentence
    }

    /// `1.5s` (the JSON form of google.protobuf.Duration).
    private static func seconds(_ text: String) -> Duration? {
        guard text.hasSuffix("s"), let seconds = Double(text.dropLast()), (0...86_400).contains(seconds) else {
            return nil
        }
        return .milliseconds(Int64((seconds * 1000).rounded(.up)))
    }
}
