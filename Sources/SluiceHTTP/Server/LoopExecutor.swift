import NIOCore

/// Runs a connection's tasks on the connection's own event loop.
///
/// On the shared threads of Swift's pool each step of a request would wake another thread: on the way in, after the
/// commit, and on the way out. Here the commit wakes the loop, and that is all. In return nothing may block: files are
/// read and written by the store's threads.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
