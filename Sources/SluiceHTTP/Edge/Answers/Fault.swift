import SluiceJSON

/// What is wrong with one part of a request.
struct Fault: Hashable, Sendable {
    /// An RFC 6901 pointer into the body; a query parameter's or header field's name where it is no body.
    var pointer: String
    var detail: String
    var allowed: [String]?
    /// Line and column of the value, where the fault has a place.
    var line: Int?
    var column: Int?

    init(_ pointer: String, _ detail: String, allowed: [String]? = nil, at position: Position? = nil) {
        self.pointer = pointer
        self.detail = detail
        self.allowed = allowed
        line = position?.line
        column = position?.column
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("pointer", pointer)
            writer.member("detail", detail)
            writer.memberIfPresent("line", line)
            writer.memberIfPresent("column", column)
            guard let allowed else { return }
            writer.member("allowed", array: { writer in for name in allowed { writer.value(name) } })
        }
    }
}
