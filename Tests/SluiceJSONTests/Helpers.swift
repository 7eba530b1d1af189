import SluiceJSON
import Testing

extension Document {
    init(_ text: String, limits: JSONLimits = .standard) throws(JSONError) {
        try self.init(Array(text.utf8), limits: limits)
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension JSONValue {
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// The error that `text` is refused with.
func refusal(of text: some Sequence<UInt8>, limits: JSONLimits = .standard) -> JSONError? {
    do throws(JSONError) {
        _ = try Document(Array(text), limits: limits)
        return nil
    } catch {
        return error
    }
}

func refusal(of text: String, limits: JSONLimits = .standard) -> JSONError? { refusal(of: text.utf8, limits: limits) }
