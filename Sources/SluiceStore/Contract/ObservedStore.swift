/// A store that tells what its commits change.
package protocol ObservedStore: Sendable {
    /// Has what each commit has changed told, from the store's own thread: after it, and before whoever waits for it is answered.
    ///
    /// There is one observer; another takes its place. `wantsSpans` has ``CommitNews/spans`` told, which costs a look at the job of each.
    func observe(wantsSpans: Bool, _ observer: @escaping @Sendable (CommitNews) -> Void)

    /// What its files take, and what is left for them; nil where it keeps none, or that can't be read. It asks the file system alone.
    var disk: DiskUse? { get }
}
