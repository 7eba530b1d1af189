import SluiceEngine

/// Sends spans to a collector as they come, many together.
struct SpanExporter: Sendable {
    let tracer: Tracer
    let courier: Courier
    let format: ExportSettings.Format
    let resource: OTLPResource
    let delay: Duration
    let batch: Int

    /// Sends until `stop` fires, and then once more what is left.
    func run(until stop: Signal, _ time: EngineTime) async {
        let queue = tracer.queue
        while !stop.hasFired, !Task.isCancelled {
            let due = time.uptime() + delay
            while !stop.hasFired, !Task.isCancelled, queue.count < batch, time.uptime() < due {
                await time.wait(until: due, unless: stop, queue.bell)
            }
            await send(queue.take())
            courier.tally.say(.traces)
        }
        while queue.count > 0, !Task.isCancelled { await send(queue.take()) }
    }

    private func send(_ sources: [SpanSource]) async {
        let catalogue = tracer.catalogue
        let spans = sources.compactMap { $0.span(catalogue) }
        guard !spans.isEmpty else { return }
        _ = await courier.deliver(format.bytes(of: TraceMessage(resource: resource, spans: spans)), of: spans.count)
    }
}
