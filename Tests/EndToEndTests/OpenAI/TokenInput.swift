import Foundation
import LoopbackProvider
import SluiceJSON

/// One input of a call for embeddings, as the tokens of a text or of a part of one.
struct TokenInput: Sendable, Equatable {
    /// The numbers of its tokens.
    var tokens: [Int64]

    /// Takes the numbers of an array.
    ///
    /// - Parameter array: what stands in a call's `input`; what is no whole number in it is left out, and so missed.
    init(_ array: JSONValue) {
        tokens = array.elements.compactMap(\.integer)
    }

    private init(_ tokens: ArraySlice<Int64>) {
        self.tokens = Array(tokens)
    }

    /// What the provider answers: the first token, the last one, and how many there are.
    ///
    /// So no two inputs have the same vector, and a vector tells whose it is.
    var vector: [Float] {
        [tokens.first ?? -1, tokens.last ?? -1, Int64(tokens.count)].map(Float.init)
    }

    /// The input in parts of so many tokens; itself where it is no longer.
    func parts(of length: Int) -> [TokenInput] {
        stride(from: 0, to: tokens.count, by: length).map { start in
            TokenInput(tokens[start..<min(start + length, tokens.count)])
        }
    }

    /// The vector of a text from those of its parts: their average by length, made one long where there are several.
    static func vector(of parts: [TokenInput]) -> [Double] {
        guard parts.count > 1 else { return parts.first?.vector.map(Double.init) ?? [] }
        let length = Double(parts.reduce(0) { $0 + $1.tokens.count })
        let average = (0..<3).map { place in
            parts.reduce(0) { $0 + Double($1.vector[place]) * Double($1.tokens.count) } / length
        }
        let size = average.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return average.map { $0 / size }
    }

    /// A provider that answers each input with its ``vector``, and refuses what is no list of tokens.
    static func script() -> LoopbackProvider.Script {
        { request, _ in
            guard let body = try? Document(request.body).root, let inputs = body[key: "input"]?.elements,
                inputs.allSatisfy({ $0[0]?.integer != nil })
            else { return .openAIError(400, message: "That is no list of tokens.", param: "input") }
            let isBase64 = body[key: "encoding_format"]?.string == "base64"
            return .embeddings(inputs.map { TokenInput($0).text(isBase64: isBase64) })
        }
    }

    /// The vector in JSON, as numbers or as the base64 of its little-endian bytes.
    private func text(isBase64: Bool) -> String {
        guard isBase64 else { return "[\(vector.map { "\($0)" }.joined(separator: ","))]" }
        let bytes = vector.flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
        }
        return "\"\(Data(bytes).base64EncodedString())\""
    }
}
