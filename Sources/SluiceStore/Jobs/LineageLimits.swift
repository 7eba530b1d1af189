/// How much of a lineage is read.
package struct LineageLimits: Sendable, Hashable {
    /// The most jobs.
    package var turns: Int
    /// The most bytes of all that was asked and answered.
    package var bytes: Int

    package init(turns: Int, bytes: Int) {
        self.turns = turns
        self.bytes = bytes
    }
}
