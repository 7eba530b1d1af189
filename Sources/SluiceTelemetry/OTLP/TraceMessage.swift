import SluiceEngine
import SluiceTypes

/// `ExportTraceServiceRequest`.
///
/// Source: <https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto>.
struct TraceMessage {
    var resource: OTLPResource
    var spans: [Span]

    func write(to writer: inout some WireWriter) {
        writer.messages(1, "resourceSpans", [spans]) { writer, spans in
            writer.resource(resource)
            writer.messages(2, "scopeSpans", [spans]) { writer, spans in
                writer.scope(resource)
                writer.messages(2, "spans", spans) { $0.span($1) }
            }
        }
    }
}

extension WireWriter {
    /// That a span, or a linked one, is recorded.
    private static var sampled: UInt32 { 1 }

    fileprivate mutating func span(_ span: Span) {
        id(1, "traceId", span.place.trace.bytes)
        id(2, "spanId", span.place.span.bytes)
        if let state = span.state { string(3, "traceState", state) }
        if let parent = span.parent { id(4, "parentSpanId", parent.bytes) }
        string(5, "name", span.name)
        choice(6, "kind", span.kind.rawValue)
        fixed64(7, "startTimeUnixNano", span.start.nanoseconds)
        fixed64(8, "endTimeUnixNano", span.end.nanoseconds)
        attributes(9, span.attributes)
        messages(13, "links", span.links) { writer, link in
            writer.id(1, "traceId", link.trace.bytes)
            writer.id(2, "spanId", link.span.bytes)
            writer.fixed32(6, "flags", Self.sampled)
        }
        if span.isError { message(15, "status") { $0.choice(3, "code", 2) } }
        fixed32(16, "flags", Self.sampled)
    }
}

extension Timestamp {
    /// Since 1970; 0 for what was before.
    var nanoseconds: UInt64 { UInt64(clamping: milliseconds).multipliedReportingOverflow(by: 1_000_000).partialValue }
}
