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
        guard let document = try? Document(body) else {
            throw Failure("The gateway answered \(status) without JSON: is that address a gateway's?")
        }
        guard (200..<300).contains(status) else { throw Failure(Self.sentence(status, document.root)) }
        return document
    }

    private static func sentence(_ status: Int, _ problem: JSONValue) -> String {
        let detail = problem[key: "detail"]?.string ?? problem[key: "title"]?.string
        // The detail tells the first fault already.
        let faults = (problem[key: "errors"]?.elements ?? []).map(fault).dropFirst(detail == nil ? 0 : 1)
        let lines = [detail ?? "The gateway answered \(status)."] + faults.map { "  \($0)" }
        return lines.map(Printable.line).joined(separator: "\n")
    }

    private static func fault(_ value: JSONValue) -> String {
        if let text = value.string { return text }
        let place = value[key: "line"]?.integer.map { "line \($0) " } ?? ""
        let pointer = value[key: "pointer"]?.string.map { "\($0): " } ?? ""
        let what = value[key: "detail"]?.string ?? value[key: "message"]?.string ?? value[key: "what"]?.string ?? ""
        return place + pointer + what
    }
}
