/// An error that a surface words by itself, because it has more to say than a ``Problem``.
protocol SurfaceError: Error {
    var reply: ErrorReply { get }
}
