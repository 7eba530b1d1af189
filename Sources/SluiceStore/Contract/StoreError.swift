/// Why a store did not do what it was asked.
package struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of trouble, by what the caller should do.
    package enum Code: String, Sendable {
        /// No room on the disk. Nothing was written; it may be tried again when there is room.
        case full
        /// The store can't write now, or can't tell whether it wrote. It may be tried again.
        case unavailable
        /// The store is shutting down or has shut down.
        case closed
        /// Another process has the store open.
        case locked
        /// The file was written by another version, is no store of ours, or has not been set up.
        case schema
        /// The file is damaged, or a rule that must always hold was broken.
        case corrupt
        /// What was asked can't be done so, through no fault of the store; nothing was changed.
        case refused
    }

    package var code: Code
    /// One sentence for an operator, with what to do.
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
