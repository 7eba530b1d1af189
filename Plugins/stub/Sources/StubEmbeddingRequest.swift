import SluiceJSON
import SluiceProvider
import SluiceTypes

/// What the stub reads in a request for embeddings.
///
/// Source: the API reference of OpenAI, "Create embeddings".
struct StubEmbeddingRequest {
    /// One thing to make a vector of.
    enum Input {
        case text(String)
        case numbers([Int64])

        /// The words of a text, or the tokens that came as numbers.
        var tokens: Int {
            switch self {
            case .text(let text): StubPrompt.words(text)
            case .numbers(let numbers): numbers.count
            }
        }
    }

    static let dimensionRange = 1...4096
    /// As many as OpenAI takes.
    private static let mostInputs = 2048
    /// Some 25 MB of answer: a small request must not make an answer without bounds.
    private static let mostNumbers = 1 << 21

    let inputs: [Input]
    let dimensions: Int
    let isBase64: Bool

    /// Reads a body; `dimensions` counts where it names none.
    ///
    /// - Throws: `ProviderError` of the class `invalidRequest` that names the parameter.
    init(_ root: JSONValue, dimensions standard: Int) throws(ProviderError) {
        inputs = try StubEmbeddingRequest.inputs(root[key: "input"])
        dimensions = try StubEmbeddingRequest.dimensions(root[key: "dimensions"]) ?? standard
        isBase64 = try StubEmbeddingRequest.isBase64(root[key: "encoding_format"])
        guard inputs.count * dimensions <= StubEmbeddingRequest.mostNumbers else {
            throw StubEmbeddingRequest.invalid(
                "input",
                "has \(inputs.count) elements, which with \(dimensions) dimensions are more than the "
                    + "\(StubEmbeddingRequest.mostNumbers) numbers that the stub answers with; send fewer at once"
            )
        }
    }

    private static func inputs(_ value: JSONValue?) throws(ProviderError) -> [Input] {
        guard let value, !value.isNull else { throw invalid("input", "is missing; \(allowed)") }
        if value.kind == .string { return [try input(value)] }
        let elements = value.elements
        guard let first = elements.first else { throw invalid("input", "is empty, or no text or list; \(allowed)") }
        if first.kind == .number { return [try input(value)] }
        guard elements.count <= mostInputs else {
            throw invalid("input", "has \(elements.count) elements; at most \(mostInputs) are allowed")
        }
        var inputs: [Input] = []
        for element in elements {
            guard element.kind == first.kind else { throw invalid("input", "mixes texts and tokens; \(allowed)") }
            inputs.append(try input(element))
        }
        return inputs
    }

    /// A text, or a list of tokens.
    private static func input(_ value: JSONValue) throws(ProviderError) -> Input {
        if let text = value.string {
            guard !text.isEmpty else { throw invalid("input", "holds an empty text; \(allowed)") }
            return .text(text)
        }
        let elements = value.elements
        let numbers = elements.compactMap(\.integer).filter { $0 >= 0 }
        guard !numbers.isEmpty, numbers.count == elements.count else {
            throw invalid("input", "holds something that is neither a text nor tokens; \(allowed)")
        }
        return .numbers(numbers)
    }

    private static func dimensions(_ value: JSONValue?) throws(ProviderError) -> Int? {
        guard let value, !value.isNull else { return nil }
        guard let number = value.integer, dimensionRange.contains(Int(number)) else {
            throw invalid(
                "dimensions",
                "must be a whole number from \(dimensionRange.lowerBound) to \(dimensionRange.upperBound)"
            )
        }
        return Int(number)
    }

    private static func isBase64(_ value: JSONValue?) throws(ProviderError) -> Bool {
        guard let value, !value.isNull else { return false }
        switch value.string {
        case "float": return false
        case "base64": return true
        default: throw invalid("encoding_format", "must be \"float\" or \"base64\"")
        }
    }

    private static let allowed = "allowed are a text, a list of texts, a list of tokens, and a list of such lists"

    private static func invalid(_ parameter: String, _ message: String) -> ProviderError {
        ProviderError(
            .invalidRequest,
            "\(parameter) \(message).",
            parameter: parameter,
            type: "invalid_request_error"
        )
    }
}
