/// What the body of an answer is, by its first bytes: a stream of events or one object.
///
/// The type that its header fields name is not to be relied on: gateways relabel streams, and some providers ignore that a
/// stream was asked for, or send one that nobody asked for.
enum AnswerForm {
    case stream
    case object

    private static let words = ["data:", "event:", "id:", "retry:", ":"].map { Array($0.utf8) }
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The form of the body that begins with `bytes`; nil while that can't be told.
    ///
    /// - Parameters:
    ///   - bytes: the beginning.
    ///   - isDeclared: whether the answer calls itself a stream of events; it is believed where nothing speaks against it.
    /// - Returns: the form, or nil.
    static func of(_ bytes: [UInt8], isDeclared: Bool) -> AnswerForm? {
        let beginning = visible(bytes)
        guard let first = beginning.first else { return nil }
        for word in words {
            if beginning.starts(with: word) { return .stream }
            if word.starts(with: beginning) { return nil }
        }
        return isDeclared && !"{[<\"".utf8.contains(first) ? .stream : .object
    }

    /// What follows a byte order mark, blanks and empty lines; empty as well while the mark may still come.
    static func visible(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        if bytes.count < byteOrderMark.count, byteOrderMark.starts(with: bytes) { return [] }
        return withoutMark(bytes).drop { " \t\r\n".utf8.contains($0) }
    }

    /// The body without its byte order mark, which is no part of JSON.
    static func withoutMark(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes.starts(with: byteOrderMark) ? bytes.dropFirst(byteOrderMark.count) : bytes[...]
    }
}
