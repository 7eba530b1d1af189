/// The start of a response.
public struct ResponseHead: Sendable, Hashable {
    /// The status code.
    public var status: Int
    /// Header fields in order.
    public var headers: [HeaderField]

    /// Creates a head.
    public init(status: Int, headers: [HeaderField]) {
        self.status = status
        self.headers = headers
    }

    /// The first value of that name, letter case ignored.
    public subscript(name: String) -> String? {
        headers.first { $0.isNamed(name) }?.value
    }
}
