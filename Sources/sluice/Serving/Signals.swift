import Glibc
import UnixSignals

/// The signals that a server obeys.
///
/// One listener for all of them, from before the first service runs: a second SIGTERM must be told from the first,
/// which the service group's own listener can't.
struct Signals {
    private let sequence: UnixSignalsSequence

    /// A second signal sooner than this is an echo of the first: whoever signals a process and its group, as `timeout`
    /// does, sends two for one wish.
    private static let echo = Duration.milliseconds(200)

    init() async {
        sequence = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
    }

    /// Calls `stop` at the first SIGTERM or SIGINT and `reload` at each SIGHUP, until the task is cancelled.
    ///
    /// The second SIGTERM or SIGINT ends the process at once; that is as safe as a loss of power, which the store is
    /// made for.
    func obey(stop: () async -> Void, reload: () async -> Void) async {
        var firstWish: ContinuousClock.Instant?
        for await signal in sequence {
            if signal == .sighup {
                await reload()
                continue
            }
            guard let first = firstWish else {
                firstWish = .now
                await stop()
                continue
            }
            guard first.duration(to: .now) >= Self.echo else { continue }
            Console.note("Stopped at once; what was running is run again at the next start.")
            _exit(1)
        }
    }
}
