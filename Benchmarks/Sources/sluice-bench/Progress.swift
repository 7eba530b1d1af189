import Foundation

/// What a person who waits wants to know, on standard error: standard output is the report's alone.
enum Progress {
    static func say(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
