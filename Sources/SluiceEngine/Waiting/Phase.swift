/// Where the engine stands in its life.
///
/// It only moves forward.
enum Phase: Int, Comparable, Sendable {
    /// Orphans are being rescued.
    case starting
    /// Jobs are claimed.
    case serving
    /// A stop was asked for; everything goes on until the drain delay is over.
    case draining
    /// Nothing is claimed any more.
    case stopping

    static func < (left: Phase, right: Phase) -> Bool { left.rawValue < right.rawValue }
}
