import HTTPTypes
import Hummingbird
import SluiceTypes

/// Reads the header fields that steer a request.
enum RequestFields {
    /// The caller's own request id where it is harmless, else a new one.
    static func requestID(_ headers: HTTPFields) -> String {
        if let given = headers.value(of: .requestID), (1...64).contains(given.utf8.count),
            given.utf8.allSatisfy(isPlain)
        {
            return given
        }
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return "req_" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// `wait=N` of `Prefer` (RFC 7240, section 4.3) in seconds, at most `longest`; nil where it is absent or no number.
    static func wait(_ headers: HTTPFields, atMost longest: Int) -> Int? {
        for preference in preferences(headers) {
            let parts = preference.split(separator: "=", maxSplits: 1).map(\.trimmingBlanks)
            guard parts.count == 2, parts[0].lowercased() == "wait" else { continue }
            let number = parts[1].hasPrefix("\"") ? parts[1].dropFirst().dropLast() : parts[1]
            guard let seconds = UInt32(number) else { continue }
            return min(Int(seconds), longest)
        }
        return nil
    }

    /// True for `respond-async` among `Prefer` (RFC 7240, section 4.1).
    static func wantsAsync(_ headers: HTTPFields) -> Bool {
        preferences(headers).contains { $0.lowercased() == "respond-async" }
    }

    /// What `Prefer` holds, each without its parameters.
    private static func preferences(_ headers: HTTPFields) -> [Substring] {
        headers[values: .prefer].flatMap { $0.split(separator: ",") }
            .map { preference in preference.split(separator: ";").first?.trimmingBlanks ?? "" }
    }

    /// The `Idempotency-Key`, bare or as a quoted string; nil without one.
    ///
    /// - Throws: ``Problem`` for one that is empty, longer than 255 bytes, or not printable ASCII.
    static func idempotencyKey(_ headers: HTTPFields) throws(Problem) -> String? {
        let fields = headers[values: .idempotencyKey]
        guard let field = fields.first else { return nil }
        var key = field
        if key.utf8.count >= 2, key.hasPrefix("\""), key.hasSuffix("\"") { key = String(key.dropFirst().dropLast()) }
        let isPrintable = key.utf8.allSatisfy { (0x20...0x7e).contains($0) }
        guard fields.count == 1, !key.isEmpty, key.utf8.count <= 255, isPrintable else {
            let detail = "must be one key of 1 to 255 printable ASCII characters"
            throw Problem.invalid([Fault("Idempotency-Key", detail)])
        }
        return key
    }

    /// By what the caller tells the call from others in what was used; nil where it names nothing.
    ///
    /// - Throws: ``Problem`` for what is no tag.
    static func tag(_ headers: HTTPFields) throws(Problem) -> String? {
        guard let tag = headers.value(of: .tag), !tag.isEmpty else { return nil }
        guard UsageTag.isTag(tag) else { throw Problem.invalid([Fault("x-sluice-tag", UsageTag.rule)]) }
        return tag
    }

    /// - Throws: ``Problem`` unless the body is declared to be JSON.
    static func requireJSON(_ headers: HTTPFields) throws(Problem) {
        let given = headers.value(of: .contentType)
        // Nearly every request spells it so; the long way costs more than the rest of the headers.
        if given == "application/json" { return }
        let type = given.map { $0.prefix { $0 != ";" }.trimmingBlanks.lowercased() }
        guard type == "application/json" else {
            throw Problem(
                .unsupportedMediaType,
                "not-json",
                "the body must be declared as JSON: add -H 'Content-Type: application/json'",
                headers: [HTTPField.Name.accept: "application/json"]
            )
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

extension HTTPField.Name {
    static let tag = known("x-sluice-tag")
}
