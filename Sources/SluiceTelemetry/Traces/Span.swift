import SluiceEngine
import SluiceTypes

/// A span that has ended.
///
/// Source: <https://opentelemetry.io/docs/specs/otel/trace/api/#span>.
struct Span: Sendable, Hashable {
    /// By their numbers in the protocol.
    enum Kind: Int, Sendable {
        case `internal` = 1
        case server = 2
        case client = 3
    }

    var place: SpanPlace
    var parent: SpanID?
    /// What the caller's tracing systems have added, within the caller's trace.
    var state: String?
    var name: String
    var kind: Kind
    var start: Timestamp
    var end: Timestamp
    var attributes: [Attribute]
    var links: [SpanPlace] = []
    /// Whether what it tells of has failed.
    var isError: Bool
}
