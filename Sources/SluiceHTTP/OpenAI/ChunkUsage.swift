import SluiceJSON

/// Takes the tokens used out of a stream whose caller did not ask for them: the gateway always does, for its own account.
enum ChunkUsage {
    private static let name = Array("\"usage\"".utf8)
    private static let limits = JSONLimits(depth: 64, values: 1_000_000)

    /// The chunk without its `usage`; nil for one that brings nothing else.
    ///
    /// A chunk without the member is returned as it is, byte for byte.
    static func strip(_ chunk: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard contains(chunk), let document = try? Document(Array(chunk), limits: limits),
            let usage = document.root[key: "usage"]
        else { return chunk }
        let isAlone = !usage.isNull && document.root[key: "choices"]?.elements.isEmpty ?? true
        guard !isAlone else { return nil }
        return (try? document.applying([.remove("usage")]))?.bytes[...] ?? chunk
    }

    /// A look at the bytes, which is far cheaper than reading them as JSON; the word may stand in the text as well.
    private static func contains(_ chunk: ArraySlice<UInt8>) -> Bool {
        var rest = chunk
        while let quote = rest.firstIndex(of: name[0]) {
            rest = rest[quote...]
            if rest.starts(with: name) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
