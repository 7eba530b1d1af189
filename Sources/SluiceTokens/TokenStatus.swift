/// How an API token stands.
package enum TokenStatus: String, Sendable {
    case active
    /// Past its end.
    case expired
    case revoked
    /// It has a successor, and works until its end.
    case rotated
}
