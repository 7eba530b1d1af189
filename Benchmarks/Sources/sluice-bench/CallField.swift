import BenchLoad
import BenchMachine

/// What the stages of the OpenAI surface run against each other: an upstream, nginx before it, and a gateway for each
/// level of recording.
struct CallField {
    let upstream: Upstream
    private let proxy: Nginx
    private let gateways: [Gateway]
    private let levels: [RecordLevel]

    static let route = "POST /v1/chat/completions"
    private static let variable = "SLUICE_BENCH_KEY"
    /// Places of a row that nobody waits for.
    static let ample = 4_096

    /// Starts them.
    ///
    /// - Parameters:
    ///   - plan: Names the binaries.
    ///   - workplace: Takes stores and settings.
    ///   - name: The stage's, for its directories.
    ///   - gap: Milliseconds between two events of a stream.
    ///   - places: How many calls the gateway's row takes at once; nil leaves it at what a row without the member has.
    ///   - arguments: Of `serve`, besides the level's.
    ///   - report: Is told when the gateway does not serve the route; it is not among the contenders then.
    /// - Throws: `BenchFault` when one does not start.
    init(
        _ plan: Plan,
        _ workplace: Workplace,
        name: String,
        gap: Int = 5,
        places: Int? = Self.ample,
        arguments: [String] = [],
        _ report: inout Report
    ) throws(BenchFault) {
        let upstream = try Upstream(workplace, gap: gap)
        self.upstream = upstream
        proxy = try Nginx(plan, workplace, directory: "\(name)-nginx", upstream: upstream.port)
        var gateways: [Gateway] = []
        var levels: [RecordLevel] = []
        for level in try RecordLevel.known(to: plan, workplace) {
            let gateway = try Self.gateway(
                plan,
                workplace,
                data: "\(name)-\(levels.count)",
                upstream,
                places: places,
                Gateway.Setting(arguments: level.arguments + arguments)
            )
            guard try Self.serves(gateway, level.name, name, &report) else {
                gateway.stop()
                continue
            }
            gateways.append(gateway)
            levels.append(level)
        }
        self.gateways = gateways
        self.levels = levels
    }

    func stop() {
        for gateway in gateways { gateway.stop() }
        proxy.stop()
        upstream.stop()
    }

    /// What is before the upstream: nginx first.
    var contenders: [Contender] { [nginx] + measured.map(\.contender) }

    var nginx: Contender { proxy.contender("nginx proxy_pass") }

    var measured: [(contender: Contender, level: RecordLevel)] {
        zip(gateways, levels).map { ($0.contender($1.name), $1) }
    }

    /// A gateway whose only chat provider besides the stub is the upstream, by a row for each of the surfaces, with `more` members; on a new
    /// store, or with a `token` that the one in `data` knows.
    static func gateway(
        _ plan: Plan,
        _ workplace: Workplace,
        data: String,
        _ upstream: Upstream,
        places: Int? = Self.ample,
        surfaces: [Surface] = [.chat],
        more: String? = nil,
        isNew: Bool = true,
        token: String? = nil,
        _ setting: Gateway.Setting
    ) throws(BenchFault) -> Gateway {
        let concurrency = places.map { ", \"concurrency\": \($0)" } ?? ""
        var setting = setting
        for surface in surfaces {
            let models = [surface.model] + (surface == .chat ? ["bench-held", "bench-reasoning"] : [])
            let row = """
                {"name": "\(surface.model)", "adapter": "\(surface.adapter)", "type": "chat", "models": \(models),
                 "baseURL": "http://127.0.0.1:\(upstream.port)/v1", "credential": {"env": "\(variable)"}\(concurrency)\(more.map { ", \($0)" } ?? "")}
                """
            setting.rows.append(row)
        }
        setting.variables.append("\(variable)=sk-bench")
        let directory = isNew ? try workplace.directory(data) : "\(workplace.path)/\(data)"
        return try Gateway(plan, workplace, data: directory, token: token, setting: setting)
    }

    /// Whether a gateway answers a chat completion with the upstream's object.
    ///
    /// - Throws: `BenchFault` when it answers otherwise than with 200 or 404.
    static func serves(
        _ gateway: Gateway,
        _ level: String,
        _ stage: String,
        _ report: inout Report
    ) throws(BenchFault) -> Bool {
        let contender = gateway.contender(level)
        let answer = try contender.load(1).status(contender.chat(.whole))
        if answer.code == 200 { return true }
        guard answer.code == 404 else {
            throw BenchFault("\(level) answers \(route) with \(answer.code): \(answer.body)")
        }
        report.skip("\(stage), \(level): this gateway does not serve \(route)")
        return false
    }
}
