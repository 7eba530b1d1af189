/// Writes server-sent events (the HTML standard, section 9.2).
enum ServerSentEvent {
    /// A line that readers pass over: it keeps a silent connection alive.
    static let comment = Array(":\n\n".utf8)

    /// An event that is nothing but its data.
    static func append(_ data: some Collection<UInt8>, to text: inout [UInt8]) {
        appendLines(data, to: &text)
        text.append(UInt8(ascii: "\n"))
    }

    /// An event with a name; without one where `name` is empty.
    static func append(_ data: some Collection<UInt8>, named name: ArraySlice<UInt8>, to text: inout [UInt8]) {
        if !name.isEmpty {
            text += "event: ".utf8
            text += name
            text.append(UInt8(ascii: "\n"))
        }
        append(data, to: &text)
    }

    /// A `data:` line for each line of `data`, whose lines may end as the standard lets them: CR, LF, or both.
    private static func appendLines(_ data: some Collection<UInt8>, to text: inout [UInt8]) {
        let (carriageReturn, lineFeed) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
        var rest = data[...]
        text += "data: ".utf8
        while let end = rest.firstIndex(where: { $0 == lineFeed || $0 == carriageReturn }) {
            text += rest[..<end]
            text += "\ndata: ".utf8
            let isPair = rest[end] == carriageReturn && rest[end...].dropFirst().first == lineFeed
            rest = rest[end...].dropFirst(isPair ? 2 : 1)
        }
        text += rest
        text.append(lineFeed)
    }
}
