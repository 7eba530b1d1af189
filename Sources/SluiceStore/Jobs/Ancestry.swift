package import SluiceTypes

/// What a job continues: the job whose answer it takes up, and the thread that both belong to.
///
/// A thread is a tree of jobs: several may continue the same one. Its first job has no ancestry itself.
package struct Ancestry: Sendable, Hashable {
    /// The job whose answer this one takes up.
    package var previous: JobID
    /// The first job of the thread, by whose id all of it is known.
    package var thread: JobID
    /// How many jobs it stands behind the first; 1 at least.
    package var depth: Int

    package init(previous: JobID, thread: JobID, depth: Int) {
        self.previous = previous
        self.thread = thread
        self.depth = depth
    }

    /// What a job has that takes up the answer of `previous`.
    package init(continuing previous: some JobShape) {
        self.init(continuing: previous.id, previous.ancestry)
    }

    /// What a job has that takes up the answer of the job `previous`, which has the ancestry `before`.
    init(continuing previous: JobID, _ before: Ancestry?) {
        self.init(previous: previous, thread: before?.thread ?? previous, depth: (before?.depth ?? 0) + 1)
    }
}
