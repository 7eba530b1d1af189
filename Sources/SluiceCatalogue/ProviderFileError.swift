/// What is wrong with a `providers.json`: the first syntax error, or all faults of meaning.
///
/// It never holds a value that looks like a secret.
package struct ProviderFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One fault.
    package struct Fault: Sendable, Hashable {
        /// Where in the document, as an RFC 6901 pointer; empty for the document itself.
        package var pointer: String
        /// The line, from 1; nil when the file could not be read.
        package var line: Int?
        /// The byte within the line, from 1; given for syntax errors.
        package var column: Int?
        /// What is wrong and what to do, as a clause that the pointer begins.
        package var message: String

        /// Creates a fault.
        package init(_ message: String, pointer: String = "", line: Int? = nil, column: Int? = nil) {
            self.pointer = pointer
            self.line = line
            self.column = column
            self.message = message
        }
    }

    /// The file's name, as it was given.
    package var file: String
    /// The faults, in the order of their lines.
    package var faults: [Fault]

    /// Creates an error.
    package init(file: String, faults: [Fault]) {
        self.file = file
        self.faults = faults
    }

    /// A line for each fault: file, line, column, pointer, message.
    package var description: String {
        faults.map { fault in
            let place = [file, fault.line.map { String($0) }, fault.column.map { String($0) }].compactMap(\.self)
            let pointer = fault.pointer.isEmpty ? "" : "\(fault.pointer) "
            return "\(place.joined(separator: ":")): \(pointer)\(fault.message)"
        }.joined(separator: "\n")
    }
}
