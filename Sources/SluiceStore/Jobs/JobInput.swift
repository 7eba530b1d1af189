package import SluiceJSON
package import SluiceTypes

/// What the caller sent, never changed.
package struct JobInput: Sendable, Hashable {
    /// The received bytes; ``JobTerms/format`` tells how they are read.
    package var body: [UInt8]
    /// Those fields of the head that go to the provider, as a JSON object; nil without any.
    package var fields: [UInt8]?
    /// A JSON object of strings, as it was sent; nil without one.
    package var metadata: [UInt8]?
    /// Where the caller's trace stood; nil for a caller without one.
    package var trace: TraceContext?
    /// The body's index, where it is at hand; it is not stored.
    private var index = AtHand<Document>()

    /// Takes a body that was read already.
    package init(
        _ document: Document,
        fields: [UInt8]? = nil,
        metadata: [UInt8]? = nil,
        trace: TraceContext? = nil
    ) {
        self.init(body: document.bytes, fields: fields, metadata: metadata, trace: trace)
        index = AtHand(document)
    }

    package init(
        body: [UInt8],
        fields: [UInt8]? = nil,
        metadata: [UInt8]? = nil,
        trace: TraceContext? = nil
    ) {
        self.body = body
        self.fields = fields
        self.metadata = metadata
        self.trace = trace
    }

    /// The body, read.
    ///
    /// - Throws: `JSONError` for one that is no JSON.
    package var document: Document {
        get throws(JSONError) {
            if let document = index.value { return document }
            return try Document(indexing: body)
        }
    }

    /// How many bytes are kept of it.
    package var byteCount: Int {
        body.count + (fields?.count ?? 0) + (metadata?.count ?? 0) + (trace?.text.utf8.count ?? 0)
    }
}
