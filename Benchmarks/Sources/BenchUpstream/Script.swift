import BenchMachine

/// What a stream says.
enum Script: Equatable {
    /// Words, in the events of a surface.
    case words(Surface)
    /// A reasoning first, for which it is silent a while; a chat's.
    case reasoning
}
