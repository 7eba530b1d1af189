import SluiceEngine
import SluiceStore
import SluiceTypes

/// Sends spans to a collector as they come, many together.
struct SpanExporter: Sendable {
    let tracer: Tracer
    let courier: Courier
    let format: ExportSettings.Format
    let resource: OTLPResource
    let delay: Duration
    /// Where the spans of a job stand that is not at hand.
    let find: @Sendable (JobID) async -> TracedJob?

    /// Sends until `stop` fires, and then once more what is left.
    func run(until stop: Signal, _ time: EngineTime) async {
        let queue = tracer.queue
        while !stop.hasFired, !Task.isCancelled {
            let due = time.uptime() + delay
            while !stop.hasFired, !Task.isCancelled, !queue.isFull, time.uptime() < due {
                await time.wait(until: due, unless: stop, queue.bell)
            }
            guard !Task.isCancelled else { return }
            await send(queue.take())
            courier.tally.say(.traces)
        }
        while queue.count > 0, !Task.isCancelled { await send(queue.take()) }
    }

    /// Counts what will not be sent any more.
    func giveUp() {
        courier.tally.note(tracer.queue.count, of: .traces, "the gateway has stopped")
    }

    private func send(_ sources: [SpanSource]) async {
        let catalogue = tracer.catalogue
        var spans: [Span] = []
        for source in sources {
            let joined = if let id = source.joined { await find(id) } else { TracedJob?.none }
            spans.append(source.span(catalogue, joined: joined))
        }
        guard !spans.isEmpty else { return }
        _ = await courier.deliver(format.bytes(of: TraceMessage(resource: resource, spans: spans)), of: spans.count)
    }
}
