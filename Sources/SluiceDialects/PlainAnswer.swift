import SluiceJSON
import SluiceProvider
import SluiceTypes

/// An answer that came as one object, whatever the dialect.
enum PlainAnswer {
    /// The object that `body` is.
    ///
    /// - Throws: ``ProviderError`` of the class `malformedResponse` for a body that is empty, a page, or no JSON.
    static func document(_ body: [UInt8]) throws(ProviderError) -> Document {
        guard let first = AnswerForm.visible(body).first else {
            throw ProviderError(.malformedResponse, "The provider's answer is empty.")
        }
        do throws(JSONError) {
            return try Document(indexing: body, limits: AnswerLimits.json)
        } catch {
            let fault = first == UInt8(ascii: "<") ? "an HTML page, not JSON" : "not JSON: \(error)"
            throw ProviderError(.malformedResponse, "The provider's answer is \(fault).")
        }
    }
}

extension ReplyEvent {
    /// What came is no answer of the dialect.
    static func malformed(_ message: String) -> ReplyEvent {
        .error(ProviderError(.malformedResponse, message))
    }

    /// An answer begins that `object` names, or does not.
    static func start(_ object: JSONValue?) -> ReplyEvent {
        let id = object?[key: "id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        return .start(upstreamID: id, model: object?[key: "model"]?.string)
    }
}
