import SluiceJSON
import SluiceProvider

/// A `*.response.http`: a status line, header lines, an empty line, and the body to the end of the file.
struct ResponseFixture {
    let head: ResponseHead
    let body: [UInt8]

    init(_ bytes: [UInt8]) throws(FixtureFault) {
        var rest = bytes[...]
        let status = ResponseFixture.line(&rest)
        guard status.hasPrefix("HTTP/"), let code = status.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw FixtureFault("must begin with a status line, as in HTTP/1.1 200 OK") }
        var headers: [HeaderField] = []
        while true {
            let isEnd = rest.isEmpty
            let line = ResponseFixture.line(&rest)
            if line.isEmpty {
                guard !isEnd else { throw FixtureFault("has no empty line behind the header") }
                break
            }
            guard let colon = line.firstIndex(of: ":") else { throw FixtureFault("has a header line without \":\"") }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers.append(HeaderField(String(line[..<colon]), String(value)))
        }
        head = ResponseHead(status: code, headers: headers)
        body = Array(rest)
    }

    private static func line(_ rest: inout ArraySlice<UInt8>) -> String {
        let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
        var line = rest[..<end]
        rest = rest[end...].dropFirst()
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
    }
}

/// A `*.events.json`: the events of a response, and the request that it answers.
struct EventsFixture {
    /// The name of the request's fixture; nil for the one of the same name.
    let request: String?
    let events: [EventFixture]

    init(_ root: JSONValue, body: [UInt8]) throws(FixtureFault) {
        request = root[key: "request"]?.string
        guard let list = root[key: "events"], list.kind == .array else {
            throw FixtureFault("needs \"events\", a list")
        }
        var events: [EventFixture] = []
        for value in list.elements { events.append(try EventFixture(value, body: body)) }
        self.events = events
    }
}
