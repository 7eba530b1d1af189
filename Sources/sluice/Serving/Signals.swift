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
        sequence = await UnixSignalsSequence(
            trapping: .sigterm,
            .sigint,
            .sigquit,
            .sighup,
            .sigusr1,
            .sigusr2
        )
    }

    /// What may come before anybody listens: a signal that means nothing ends nothing, and a reload that comes before the first
    /// reading is a part of it.
    static func ignoreEarly() {
        for number in [SIGHUP, SIGUSR1, SIGUSR2] { signal(number, SIG_IGN) }
    }

    /// Calls `stop` at the first SIGTERM, SIGINT or SIGQUIT, `reload` at each SIGHUP and `ignore` at what means nothing here, until the
    /// task is cancelled.
    ///
    /// The second of the first three ends the process at once; that is as safe as a loss of power, which the store is
    /// made for.
    func obey(stop: () async -> Void, reload: () async -> Void, ignore: (UnixSignal) -> Void) async {
        var firstWish: ContinuousClock.Instant?
        for await signal in sequence {
            if signal == .sighup {
                await reload()
                continue
            }
            if signal == .sigusr1 || signal == .sigusr2 {
                ignore(signal)
                continue
            }
            guard let first = firstWish else {
                firstWish = .now
                await stop()
                continue
            }
            guard first.duration(to: .now) >= Self.echo else { continue }
            Console.lastNote("Stopped at once; what was running is run again at the next start.")
            _exit(1)
        }
    }
}
