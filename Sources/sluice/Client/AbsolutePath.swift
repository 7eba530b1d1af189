import Foundation

/// A path that means the same to another process.
enum AbsolutePath {
    /// The path, seen from the current directory; `..` and links stay as they are.
    static func of(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }
}
