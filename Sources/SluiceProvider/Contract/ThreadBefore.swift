/// What a request takes up by naming it, as far as the account that is asked has to be told.
public enum ThreadBefore: Sendable {
    /// Nothing that the gateway knows: the request goes as it came.
    case none
    /// The account keeps the answer before the request, under this id of the provider's.
    case kept(id: String)
    /// The turns before the request, from the first on, have to be said again; the request may become so many bytes long.
    case told([ThreadTurn], limit: Int)
}
