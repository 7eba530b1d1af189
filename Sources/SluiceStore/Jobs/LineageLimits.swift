/// How much of a lineage is read.
package struct LineageLimits: Sendable, Hashable {
    /// The most jobs.
    package var turns: Int
    /// The most bytes of all that was asked and answered.
    package var bytes: Int
    /// False where nothing but the jobs and their attempts is read: what was asked and answered stays on the disk, is empty in each
    /// ``Ancestor``, and does not count.
    package var readsBodies: Bool

    package init(turns: Int, bytes: Int, readsBodies: Bool = true) {
        self.turns = turns
        self.bytes = bytes
        self.readsBodies = readsBodies
    }
}
