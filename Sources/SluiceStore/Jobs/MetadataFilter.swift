import SluiceJSON

/// What callers must have said of a job in its metadata, for a list to have it.
package struct MetadataFilter: Sendable, Hashable {
    /// Each of these members has to be there, with this text.
    package var members: [String: String]

    package init(_ members: [String: String] = [:]) {
        self.members = members
    }

    package var isEmpty: Bool { members.isEmpty }

    /// Whether a job's metadata, a JSON object of strings, has all of them.
    package func fits(_ metadata: [UInt8]?) -> Bool {
        if members.isEmpty { return true }
        guard let metadata, let root = (try? Document(indexing: metadata))?.root else { return false }
        return members.allSatisfy { root[key: $0.key]?.string == $0.value }
    }
}
