import SluiceEngine

/// Delivers messages of one signal, each as often as it has to be tried.
struct Courier: Sendable {
    /// For how long one is tried.
    private static let longest = Duration.seconds(300)
    /// The wait behind the first failure of one, and the longest of our own accord.
    private static let pauses = (first: Duration.seconds(1), longest: Duration.seconds(30))

    let signal: ExportTally.Signal
    let delivery: Delivery
    let tally: ExportTally
    let time: EngineTime
    /// Fires when nothing is to be waited for any more.
    let stop: Signal

    /// Delivers a message of `count` things; false where it was dropped.
    func deliver(_ message: [UInt8], of count: Int) async -> Bool {
        defer { tally.say(signal) }
        let begun = time.uptime()
        var pause = Courier.pauses.first
        while true {
            switch await delivery.send(message, at: time.now) {
            case .taken: return true
            case .partlyTaken(let rejected, let why):
                tally.note(rejected, of: signal, why)
                return true
            case .refused(let why):
                tally.note(count, of: signal, why)
                return false
            case .later(let wished, let why):
                // A little by chance, so that many gateways do not come back all at once; whatever a collector says, never at once.
                let wait = max(wished ?? .zero, pause * Double.random(in: 0.5...1))
                pause = min(pause * 2, Courier.pauses.longest)
                guard !stop.hasFired, !Task.isCancelled, time.uptime() + wait - begun < Courier.longest else {
                    tally.note(count, of: signal, why)
                    return false
                }
                tally.say(signal, trying: why)
                let end = time.uptime() + wait
                while time.uptime() < end, !stop.hasFired, !Task.isCancelled {
                    await time.wait(until: end, unless: stop, Doorbell())
                }
            }
        }
    }
}

extension EngineTime {
    /// Returns at `moment`, when `signal` has fired, or when `bell` was rung.
    func wait(until moment: Duration, unless signal: Signal, _ bell: Doorbell) async {
        await bell.ringing(at: signal) { await bell.wait(until: moment, self) }
    }
}
