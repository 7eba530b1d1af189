package import SluiceEngine
package import SluiceProvider
import SluiceTypes

/// What is sent to a collector, and how.
///
/// Source: <https://opentelemetry.io/docs/specs/otel/protocol/exporter/>.
package struct ExportSettings: Sendable {
    /// A place that takes one signal.
    package struct Target: Sendable {
        /// The whole URL.
        package var url: String
        package var headers: [SecretHeader]
        /// How long one try may take.
        package var timeout: Duration
        package var isCompressed: Bool
        package var format: Format

        package init(
            url: String,
            headers: [SecretHeader] = [],
            timeout: Duration = .seconds(10),
            isCompressed: Bool = true,
            format: Format = .protobuf
        ) {
            self.url = url
            self.headers = headers
            self.timeout = timeout
            self.isCompressed = isCompressed
            self.format = format
        }
    }

    /// How a message is spelled.
    package enum Format: Sendable {
        case protobuf
        case json
    }

    /// Nil where no spans are sent.
    package var traces: Target?
    /// Nil where no metrics are sent.
    package var metrics: Target?
    package var sampler: TraceSampler
    /// The most spans that wait to be sent; what comes beyond them is dropped.
    package var queue: Int
    /// The most spans that are sent together.
    package var batch: Int
    /// How long a span waits for others at most.
    package var delay: Duration
    /// How often metrics are sent.
    package var interval: Duration
    /// Whether sums are sent as what has come since they were sent last, and not since the start.
    package var sendsDeltas: Bool
    /// What is said of this process beside its version and its boot.
    package var resource: [(name: String, value: String)]

    package init(
        traces: Target? = nil,
        metrics: Target? = nil,
        sampler: TraceSampler = TraceSampler(),
        queue: Int = 2048,
        batch: Int = 512,
        delay: Duration = .seconds(5),
        interval: Duration = .seconds(60),
        sendsDeltas: Bool = false,
        resource: [(name: String, value: String)] = [("service.name", "sluice")]
    ) {
        self.traces = traces
        self.metrics = metrics
        self.sampler = sampler
        self.queue = queue
        self.batch = batch
        self.delay = delay
        self.interval = interval
        self.sendsDeltas = sendsDeltas
        self.resource = resource
    }
}
