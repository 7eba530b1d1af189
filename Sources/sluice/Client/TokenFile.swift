import SluiceTypes

/// The file in the current directory that keeps a caller's token.
enum TokenFile {
    static let path = ".sluice-token"

    /// - Throws: ``Failure`` where there is no such file, or nothing in it.
    static func read() throws -> Secret {
        let advice = "give --token or SLUICE_TOKEN, or keep one in ./\(path) (sluice token create makes one)"
        guard let bytes = try? File.read(path) else { throw Failure("There is no API token: \(advice).") }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let line = text.split(whereSeparator: \.isWhitespace).first else {
            throw Failure("./\(path) is empty: \(advice).")
        }
        return Secret(String(line))
    }
}
