/// What a reader of a stream may cost, and how it is kept awake.
package struct StreamLimits: Sendable, Hashable {
    /// The most bytes in one write.
    package var pieceBytes: Int
    /// A reader that takes no byte for this time while there is something for it is cut.
    package var stallTime: Duration
    /// A reader that falls so many bytes further behind its log than it once was is cut.
    package var bytesBehind: Int
    /// After so much silence a comment is sent, so that nobody on the way takes the connection for dead; nil for never.
    package var keepAlive: Duration?
    /// So long after its request went out a stream begins though nothing of an answer has come; nil for never.
    package var earlyHeads: Duration?

    package init(
        pieceBytes: Int = 64 << 10,
        stallTime: Duration = .seconds(30),
        bytesBehind: Int = 1 << 20,
        keepAlive: Duration? = .seconds(15),
        earlyHeads: Duration? = .seconds(25)
    ) {
        self.pieceBytes = pieceBytes
        self.stallTime = stallTime
        self.bytesBehind = bytesBehind
        self.keepAlive = keepAlive
        self.earlyHeads = earlyHeads
    }
}
