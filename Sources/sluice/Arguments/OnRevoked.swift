import ArgumentParser

/// What becomes of a call that runs when its API token is revoked.
enum OnRevoked: String, ExpressibleByArgument, CaseIterable {
    /// Its connection is closed, as if its caller had hung up.
    case cut
    /// It is answered to its end.
    case finish
}
