import Foundation
import Glibc

/// Ends every child when the run itself is told to stop.
package enum Interrupts {
    /// From here on SIGINT, SIGTERM and SIGHUP end the children, run `cleanUp` and end this process with 130.
    ///
    /// Call it first and on the main thread: threads that exist already would still take the signals themselves.
    package static func endEverything(cleanUp: @escaping @Sendable () -> Void) {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, signal) }
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        let waiting = signals
        Thread.detachNewThread {
            var waiting = waiting
            var received: Int32 = 0
            unsafe sigwait(&waiting, &received)
            Children.kill()
            cleanUp()
            _exit(130)
        }
    }
}
