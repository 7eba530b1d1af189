import SluiceJSON

/// The list of a provider's models, `{"data": [{"id": …}]}`, which OpenAI and Anthropic write alike.
enum ModelList {
    /// The names in it; nil for what is no list.
    static func names(in answer: [UInt8]) -> [String]? {
        let root = (try? Document(indexing: answer, limits: AnswerLimits.json))?.root
        guard let data = root?[key: "data"], data.kind == .array else { return nil }
        return data.elements.compactMap { $0[key: "id"]?.string }.filter { !$0.isEmpty }
    }
}
