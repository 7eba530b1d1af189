import SluiceJSON

/// An HTTP answer whose body is JSON, seen by a client.
struct Reply: Sendable {
    var status: Int
    var body: [UInt8]

    /// The body, if the status says that all went well.
    ///
    /// - Throws: ``Failure`` with the problem's own sentence (RFC 9457 `detail`, and one per fault), or one that names
    ///   the status.
    func checked() throws -> Document {
        // What went well and has nothing to say.
        if status == 204, body.isEmpty { return try Document(Array("null".utf8)) }
        guard let document = try? Document(body) else {
            throw Failure("The gateway answered \(status) without JSON: is that address a gateway's?")
        }
        guard (200..<300).contains(status) else {
            throw Failure(Self.sentence(status, document.root), problem: body)
        }
        return document
    }

    private static func sentence(_ status: Int, _ problem: JSONValue) -> String {
        let detail = problem[key: "detail"]?.string ?? problem[key: "title"]?.string
        let faults = problem[key: "errors"]?.elements ?? []
        // Where the detail is but the first fault's sentence, the faults say it all.
        let isTold = if let detail, let first = faults.first { tells(detail, first) } else { false }
        let lines =
            isTold ? faults.map(text) : [detail ?? "The gateway answered \(status)."] + faults.map { "  \(text($0))" }
        return lines.map(Printable.line).joined(separator: "\n")
    }

    /// True where `detail` is the fault's own sentence, and not one about all faults.
    private static func tells(_ detail: String, _ fault: JSONValue) -> Bool {
        let what = what(fault)
        return !what.isEmpty && detail.contains(what) && detail.contains(fault[key: "pointer"]?.string ?? "")
    }

    /// The fault's sentence, behind its place in a file, or else the name of what it is about where it does not tell that itself: on
    /// a command line nobody has written JSON, and what a command makes of it is flat and has one line.
    private static func text(_ fault: JSONValue) -> String {
        let what = what(fault)
        let pointer = fault[key: "pointer"]?.string ?? ""
        let parts = pointer.split(separator: "/")
        let line = fault[key: "line"]?.integer
        if line ?? 1 > 1 || parts.count > 2 {
            let column = fault[key: "column"]?.integer.map { "column \($0)" }
            let place = [line.map { "line \($0)" }, column].compactMap(\.self).joined(separator: ", ")
            let prefix = [place, pointer].filter { !$0.isEmpty }.joined(separator: " ")
            return "\(prefix): \(what)"
        }
        guard let name = parts.first, !what.hasPrefix("`") else { return what }
        return "\(name): \(what)"
    }

    private static func what(_ fault: JSONValue) -> String {
        fault.string ?? fault[key: "detail"]?.string ?? fault[key: "message"]?.string ?? fault[key: "what"]?.string
            ?? ""
    }
}
