import SluiceJSON

/// OpenAI's answer to an embedding request.
///
/// Source: the API reference of OpenAI, "Embeddings".
enum OpenAIEmbeddings {
    /// True when each element of `data`, and there is one, has a vector.
    static func areWhole(_ root: JSONValue) -> Bool {
        let data = root[key: "data"]?.elements ?? []
        return !data.isEmpty && data.allSatisfy { isVector($0[key: "embedding"]) }
    }

    /// Numbers, or their bytes in Base64, which OpenAI's libraries ask for.
    private static func isVector(_ value: JSONValue?) -> Bool {
        if let text = value?.string { return !text.isEmpty }
        let numbers = value?.elements ?? []
        return !numbers.isEmpty && numbers.allSatisfy { $0.kind == .number }
    }
}
