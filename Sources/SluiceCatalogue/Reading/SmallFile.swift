import FoundationEssentials

/// Reads files that an operator names.
enum SmallFile {
    /// Why there is no text.
    enum Problem: String, Error {
        case missing = "there is no such file"
        case notRegular = "it is not a regular file"
        case tooLarge = "it is too large"
        case unreadable = "it may not be read by this user"
    }

    /// Whether users other than its owner may read a file.
    static func isOpenToOthers(_ path: String) -> Bool {
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        return (attributes?[.posixPermissions] as? Int ?? 0) & 0o044 != 0
    }

    /// The bytes of a regular file of at most `limit` bytes.
    ///
    /// Other kinds are refused before they are opened: reading a pipe or a device might never end.
    static func read(_ path: String, limit: Int) -> Result<[UInt8], Problem> {
        let files = FileManager.default
        // What is asked for is the link's target: mounted secrets are often links.
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        guard let attributes = try? files.attributesOfItem(atPath: target) else {
            return .failure(files.fileExists(atPath: target) ? .unreadable : .missing)
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular else { return .failure(.notRegular) }
        guard let size = attributes[.size] as? UInt64, size <= limit else { return .failure(.tooLarge) }
        guard let data = files.contents(atPath: target) else { return .failure(.unreadable) }
        return data.count <= limit ? .success(Array(data)) : .failure(.tooLarge)
    }
}
