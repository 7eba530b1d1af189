import SluiceJSON

/// What a collector says that it took only a part of.
///
/// Source: <https://opentelemetry.io/docs/specs/otlp/#partial-success-1>.
struct PartialSuccess: Hashable {
    /// How many spans, or points of metrics, it has rejected.
    var rejected: Int
    /// Why; empty where it does not say.
    var message: String

    /// Reads an answer, however it is spelled; nil for one that says nothing of the kind, or nothing that can be read.
    init?(_ body: [UInt8], isJSON: Bool) {
        guard let found = isJSON ? PartialSuccess.json(body) : PartialSuccess.protobuf(body) else { return nil }
        self = found
    }

    private init?(_ rejected: Int64, _ message: String) {
        guard rejected > 0 || !message.isEmpty else { return nil }
        self.rejected = Int(clamping: max(0, rejected))
        self.message = message
    }

    private static func json(_ body: [UInt8]) -> PartialSuccess? {
        guard let document = try? Document(indexing: body), let part = document.root[key: "partialSuccess"] else {
            return nil
        }
        let count = ["rejectedSpans", "rejectedDataPoints"].lazy.compactMap { part[key: $0] }.first
        let rejected = count.flatMap { $0.integer.flatMap { Int64(exactly: $0) } ?? $0.string.flatMap { Int64($0) } }
        return PartialSuccess(rejected ?? 0, part[key: "errorMessage"]?.string ?? "")
    }

    private static func protobuf(_ body: [UInt8]) -> PartialSuccess? {
        var answer = ProtobufReader(body[...])
        while let field = answer.next() {
            guard field.number == 1, case .piece(let piece) = field.value else { continue }
            var (rejected, message) = (Int64(0), "")
            var part = ProtobufReader(piece)
            while let field = part.next() {
                switch (field.number, field.value) {
                case (1, .number(let number)): rejected = Int64(bitPattern: number)
                case (2, .piece(let text)): message = String(decoding: text, as: UTF8.self)
                default: break
                }
            }
            return PartialSuccess(rejected, message)
        }
        return nil
    }
}
