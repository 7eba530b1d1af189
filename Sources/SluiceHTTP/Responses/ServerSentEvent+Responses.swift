import SluiceDialects

extension ServerSentEvent {
    /// An event that the gateway tells of a response itself.
    static func append(_ event: SSEDecoder.Event, to text: inout [UInt8]) {
        append(event.data, named: Array((event.name ?? "").utf8)[...], to: &text)
    }
}
