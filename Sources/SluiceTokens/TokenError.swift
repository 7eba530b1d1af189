/// What was refused about owners and tokens, with what to do.
package struct TokenError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of refusal.
    package enum Code: String, Sendable {
        case invalid
        case tokenUnknown
        case ownerUnknown
        case ownerExists
        case ended
        /// An imported token that is stored already.
        case known
        case store
    }

    package var code: Code
    /// One sentence.
    package var message: String
    /// What the store said, for ``Code/store``.
    package var storeCode: StoreFault?

    /// Why the store refused.
    package enum StoreFault: Sendable, Hashable {
        case full
        case other
    }

    package init(_ code: Code, _ message: String, storeCode: StoreFault? = nil) {
        self.code = code
        self.message = message
        self.storeCode = storeCode
    }

    package var description: String { message }
}
