import SluiceEngine
import SluiceTypes

/// Sends all series to a collector from time to time.
struct MetricExporter: Sendable {
    /// The series as they are now.
    let page: @Sendable () async -> SeriesPage
    let courier: Courier
    let format: ExportSettings.Format
    let resource: OTLPResource
    let interval: Duration
    let sendsDeltas: Bool

    /// Sends until `stop` fires, and then once more.
    func run(until stop: Signal, _ time: EngineTime) async {
        let begin = time.now()
        var sent = SentSeries(at: begin)
        while !Task.isCancelled {
            let due = time.uptime() + interval
            while !stop.hasFired, !Task.isCancelled, time.uptime() < due {
                await time.wait(until: due, unless: stop, Doorbell())
            }
            guard !Task.isCancelled else { return }
            let isLast = stop.hasFired
            let families = await page().families
            // A clock that was set back must not make a span of time that ends before it begins.
            let end = max(time.now(), sent.at)
            let message = MetricMessage(
                resource: resource,
                families: sendsDeltas ? sent.differences(to: families) : families,
                temporality: sendsDeltas ? .delta : .cumulative,
                start: sendsDeltas ? sent.at : begin,
                end: end
            )
            // What was not taken is in the next one's difference.
            if await courier.deliver(format.bytes(of: message), of: message.pointCount), sendsDeltas {
                sent = SentSeries(families, at: end)
            }
            if isLast { return }
        }
    }
}
