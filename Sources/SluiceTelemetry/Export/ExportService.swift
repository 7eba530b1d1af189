import ServiceLifecycle
package import SluiceEngine
package import SluiceProvider
package import SluiceStore
package import SluiceTypes

/// Sends spans and metrics to a collector for as long as the gateway runs.
///
/// Nothing waits for it. At a stop it sends once more what is at hand, and gives up what takes longer than a moment.
package struct ExportService: Service {
    /// How long the last sending may take.
    private static let patience = Duration.seconds(3)

    private let spans: SpanExporter?
    private let metrics: MetricExporter?
    private let tally: ExportTally
    private let time: EngineTime
    private let stop = Signal()

    /// Prepares the ways to the collector: `tracer` is what records spans, where any are sent; `figures` tells how the gateway stands, `find`
    /// where the spans of a job do, and `boot` which of this machine's processes this is.
    package init(
        _ settings: ExportSettings,
        tracer: Tracer?,
        metrics: Metrics,
        figures: @escaping @Sendable () async -> Figures,
        find: @escaping @Sendable (JobID) async -> TracedJob?,
        tally: ExportTally,
        transport: any Transport,
        boot: String,
        time: EngineTime
    ) {
        let own = [("service.version", metrics.version), ("service.instance.id", boot)]
        let given = settings.resource.map { ($0.name, $0.value) }
        let resource = OTLPResource(
            attributes: (own.filter { own in !given.contains { $0.0 == own.0 } } + given).map { Attribute($0, $1) },
            version: metrics.version
        )
        let courier = { [stop] (signal: ExportTally.Signal, target: ExportSettings.Target) in
            let delivery = Delivery(target: target, transport: transport)
            return Courier(signal: signal, delivery: delivery, tally: tally, time: time, stop: stop)
        }
        spans = settings.traces.flatMap { target in
            tracer.map { tracer in
                SpanExporter(
                    tracer: tracer,
                    courier: courier(.traces, target),
                    format: target.format,
                    resource: resource,
                    delay: settings.delay,
                    find: find
                )
            }
        }
        self.metrics = settings.metrics.map { target in
            MetricExporter(
                page: { metrics.page(await figures()) },
                courier: courier(.metrics, target),
                format: target.format,
                resource: resource,
                interval: settings.interval,
                sendsDeltas: settings.sendsDeltas
            )
        }
        self.tally = tally
        self.time = time
    }

    package func run() async {
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Bool.self) { group in
                if let spans {
                    group.addTask { [stop, time] in
                        await spans.run(until: stop, time)
                        return true
                    }
                }
                if let metrics {
                    group.addTask { [stop, time] in
                        await metrics.run(until: stop, time)
                        return true
                    }
                }
                group.addTask { [stop, time] in
                    await stop.wait()
                    try? await time.sleep(ExportService.patience)
                    return false
                }
                var running = (spans == nil ? 0 : 1) + (metrics == nil ? 0 : 1)
                while running > 0, await group.next() == true { running -= 1 }
                group.cancelAll()
            }
        } onGracefulShutdown: {
            stop.fire()
        }
        spans?.giveUp()
        for signal in ExportTally.Signal.allCases { tally.say(signal, isLast: true) }
    }
}
