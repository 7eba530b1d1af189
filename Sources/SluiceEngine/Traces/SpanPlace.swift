package import SluiceTypes

/// A span, wherever it is.
package struct SpanPlace: Sendable, Hashable {
    package var trace: TraceID
    package var span: SpanID

    package init(trace: TraceID, span: SpanID) {
        self.trace = trace
        self.span = span
    }
}
