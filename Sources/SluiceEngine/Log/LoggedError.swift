import SluiceProvider
import SluiceTypes

/// What a provider said instead of an answer, as a log holds it: the gateway's word for its class, the shape in which it was told and
/// the status, each where it is known, behind a blank; a line end; and what was said, without secrets.
struct LoggedError: Sendable, Hashable {
    var errorClass: ErrorClass
    /// Nil for an error in another shape than its dialect's.
    var envelope: ErrorEnvelope?
    /// Nil where the error came in an answer that had begun as a good one; known for an error in an envelope alone.
    var status: Int?
    var body: [UInt8]

    init(_ error: ProviderError) {
        errorClass = error.errorClass
        envelope = error.envelope
        status = error.status
        body = error.body
    }

    /// Reads what ``payload`` wrote; nil for anything else.
    init?(_ payload: ArraySlice<UInt8>) {
        guard let end = payload.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let words = String(decoding: payload[..<end], as: UTF8.self).split(separator: " ")
        guard let word = words.first, let errorClass = ErrorClass(rawValue: String(word)) else { return nil }
        self.errorClass = errorClass
        envelope = words.dropFirst().first.flatMap { ErrorEnvelope(rawValue: String($0)) }
        status = words.dropFirst(2).first.flatMap { Int($0) }
        body = Array(payload[(end + 1)...])
    }

    /// The entry's payload.
    var payload: [UInt8] {
        let words = [errorClass.rawValue, envelope?.rawValue, envelope == nil ? nil : status.map { String($0) }]
        return Array(words.compactMap(\.self).joined(separator: " ").utf8) + [UInt8(ascii: "\n")] + body
    }
}
