/// One fault of `providers.json`.
package struct ReloadFault: Sendable, Hashable {
    /// An RFC 6901 pointer; empty for the file as a whole.
    package var pointer: String
    package var message: String
    package var line: Int?
    package var column: Int?

    package init(pointer: String, message: String, line: Int? = nil, column: Int? = nil) {
        self.pointer = pointer
        self.message = message
        self.line = line
        self.column = column
    }
}
