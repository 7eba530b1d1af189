/// Where a caller's own trace stands as it calls: its span, whether that is recorded, and what its tracing systems have added.
///
/// Source: <https://www.w3.org/TR/trace-context/>.
public struct TraceContext: Hashable, Sendable {
    /// The longest `tracestate` that is kept, in bytes; a longer one is left out as a whole.
    public static let mostState = 512

    /// The caller's trace.
    public var trace: TraceID
    /// The caller's span.
    public var span: SpanID
    /// Whether the caller records it.
    public var isSampled: Bool
    /// Its `tracestate`; nil where there is none.
    public var state: String?

    /// Creates one.
    public init(trace: TraceID, span: SpanID, isSampled: Bool, state: String? = nil) {
        self.trace = trace
        self.span = span
        self.isSampled = isSampled
        self.state = state
    }

    /// Reads the two fields of a request, each as it was sent, once or several times; nil for what can't be read: then the caller has
    /// no trace.
    ///
    /// - Parameters:
    ///   - parents: what `traceparent` holds; two of them are as good as none.
    ///   - states: what `tracestate` holds, in order.
    public init?(parents: [String], states: [String]) {
        guard parents.count == 1, let context = parents.first.flatMap({ TraceContext(parent: $0) }) else { return nil }
        self = context
        state = TraceContext.state(states)
    }

    /// Reads a `traceparent`: of a version that is not known yet what the first 55 characters say.
    private init?(parent: String) {
        let text = Array(parent.utf8)
        guard text.count >= 55, text[2] == dash, text[35] == dash, text[52] == dash,
            let version = UInt64(lowercaseHex: text[..<2]), version != 0xff,
            let flags = UInt64(lowercaseHex: text[53..<55]),
            let trace = TraceID(hex: String(decoding: text[3..<35], as: UTF8.self)),
            let span = SpanID(hex: String(decoding: text[36..<52], as: UTF8.self))
        else { return nil }
        guard text.count == 55 || version > 0 && text[55] == dash else { return nil }
        self.init(trace: trace, span: span, isSampled: flags & 1 == 1)
    }

    /// The fields' list as one; nil for one that is empty, too long, or could not stand in a field.
    private static func state(_ fields: [String]) -> String? {
        let text = fields.filter { !$0.isEmpty }.joined(separator: ",")
        let isPlain = text.utf8.allSatisfy { (0x20...0x7e).contains($0) || $0 == 0x09 }
        return !text.isEmpty && text.utf8.count <= mostState && isPlain ? text : nil
    }

    /// The `traceparent` that says so.
    public var parent: String { "00-\(trace)-\(span)-\(isSampled ? "01" : "00")" }

    /// As it is kept with a job: a line for each field.
    public var text: String { state.map { "\(parent)\n\($0)" } ?? parent }

    /// Reads what ``text`` wrote; nil for anything else.
    public init?(text: String) {
        let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        self.init(parents: Array(lines.prefix(1)), states: Array(lines.dropFirst()))
    }
}

private let dash = UInt8(ascii: "-")
