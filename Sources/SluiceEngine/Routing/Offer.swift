package import SluiceTypes

/// Whether a model can be asked for now.
package enum Offer: Sendable, Hashable {
    /// Some row serves it and has what it needs.
    case served
    /// No row serves this operation at all; these are served.
    case unknownOperation(served: [Operation])
    /// No row of this operation serves the model. `allowed` are the names and patterns that are served.
    case unknownModel(allowed: [String], nearest: String?)
    /// Rows serve it, but none that can be asked in this format: those in which they can.
    case otherFormat(served: [RequestFormat])
    /// Rows serve it, but the request is bound to one account, and none of them says that its account has one owner.
    case unshared
    /// Rows serve it, but each lacks something that only the operator can give it: the first of them.
    case unavailable(row: String)
}
