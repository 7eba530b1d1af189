/// What there is for a call that its first permit could not serve.
enum NextPermit {
    case taken(Permit)
    /// Somebody else could serve it, but is full now.
    case busy
    /// Somebody else could serve it, but its provider asked for patience or fails: for how long, or nil for as long as a call
    /// lasts that finds out.
    case closed(Duration?)
    /// Nobody else can.
    case none
}
