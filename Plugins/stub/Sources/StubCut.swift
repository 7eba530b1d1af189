import SluiceProvider
import SluiceTypes

/// A stream whose connection breaks.
enum StubCut {
    /// The first `chunks` chunks of `events`, then the failure; never the mark that ends a stream.
    ///
    /// An answer that is no stream is cut before anything of it could be read, and one with fewer chunks behind its last. An
    /// adapter's own answer can't say that its outcome is unknown, as the transport says of a broken connection: the
    /// attempt is a known failure of the class `network`.
    static func events(of events: [TimedEvent], chunks: Int) -> [TimedEvent] {
        var kept: [TimedEvent] = []
        var count = 0
        for event in events {
            guard count < chunks else { break }
            switch event.event {
            case .terminal: continue
            case .upstream: count += 1
            case .start, .text, .usage, .fields, .finish, .error: break
            }
            kept.append(event)
        }
        let message = "The stub cuts this model's connection after \(count) chunks."
        return kept + [TimedEvent(.error(ProviderError(.network, message)))]
    }
}
