import SluiceJSON

/// Takes the tokens used out of a stream whose caller did not ask for them: the gateway always does, for its own account.
public enum OpenAIChunkUsage {
    private static let name = Array("\"usage\"".utf8)
    private static let limits = AnswerLimits.json

    /// The chunk without its `usage`; nil for one that brings nothing else.
    ///
    /// A chunk without the member is returned as it is, byte for byte.
    public static func strip(_ chunk: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard contains(chunk), let document = try? Document(indexing: Array(chunk), limits: limits),
            let usage = document.root[key: "usage"]
        else { return chunk }
        let choices = document.root[key: "choices"]
        // A null beside no choices is the same chunk, of a provider that has not counted yet.
        let isAlone = choices.map { $0.kind == .array && $0.elements.isEmpty } ?? !usage.isNull
        guard !isAlone else { return nil }
        return document.text(without: "usage").map { $0[...] } ?? chunk
    }

    /// A look at the bytes, which is far cheaper than reading them as JSON; the word may stand in the text as well.
    private static func contains(_ chunk: ArraySlice<UInt8>) -> Bool {
        let (bytes, name) = (chunk.span, name.span)
        var place = 0
        while place + name.count <= bytes.count {
            var count = 0
            while count < name.count, bytes[place + count] == name[count] { count += 1 }
            if count == name.count { return true }
            place += max(count, 1)
        }
        return false
    }
}
