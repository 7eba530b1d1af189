import BenchLoad
import BenchMachine
import Glibc

/// A running `sluice serve` with a token.
struct Gateway {
    let port: UInt16
    let token: String
    let process: pid_t
    private let child: Child

    private static let stub =
        #"{"name": "stub", "adapter": "stub", "type": "chat", "models": ["stub-*"], "concurrency": 10000}"#

    /// How a gateway is started, besides where it finds its things.
    struct Setting {
        /// Providers besides the stub.
        var rows: [String] = []
        /// Of `serve`.
        var arguments: [String] = []
        /// `NAME=value`, for its environment.
        var variables: [String] = []
        /// A command that becomes the server.
        var wrapper: [String] = []
        /// Another binary than the plan's.
        var server: String?
    }

    /// Starts one on `data` and waits until it is ready.
    ///
    /// - Parameters:
    ///   - plan: Names the binary.
    ///   - workplace: Takes its providers file.
    ///   - data: The directory of its store.
    ///   - token: One that the store knows already; nil makes one.
    ///   - setting: How it is started otherwise.
    ///   - tracer: A command that runs the server as its child.
    /// - Throws: `BenchFault` with the server's last words when it does not get ready.
    init(
        _ plan: Plan,
        _ workplace: Workplace,
        data: String,
        token: String? = nil,
        setting: Setting = Setting(),
        tracer: [String] = []
    ) throws(BenchFault) {
        let rows = ([Self.stub] + setting.rows).joined(separator: ",\n")
        let text = "{\"version\": 1, \"providers\": [\n\(rows)\n]}\n"
        let providers = try workplace.write(text, to: "providers.json")
        let places = ["--port", "0", "--data", data, "--providers", providers]
        let server = [setting.server ?? plan.server, "serve"] + places + setting.arguments
        let line = tracer + setting.wrapper + server
        let log = "\(data).log"
        // What an earlier server on this directory said would be read as this one's.
        unsafe unlink(log)
        child = try Child(line[0], Array(line.dropFirst()), variables: setting.variables, output: log, errors: log)
        port = try Self.port(child, log: log)
        process = tracer.isEmpty ? child.process : try Self.traced(child)
        if let token {
            self.token = token
        } else {
            self.token = try Self.makeToken(plan, data: data)
        }
    }

    /// Stops it in order.
    func stop() {
        if process != child.process {
            _ = kill(process, SIGTERM)
            _ = try? child.exitCode(within: 40)
            Children.forget(process)
        }
        child.end(within: 40)
    }

    func contender(_ name: String) -> Contender {
        Contender(name: name, port: port, token: token, process: process)
    }

    func load(_ connections: Int) -> Load {
        Load(port: port, token: token, connections: connections)
    }

    /// A prompt's request; a held one waits for an hour, so that accepting alone is measured.
    func prompt(held: Bool) -> [UInt8] {
        Request.prompt(port: port, token: token, model: "stub-echo", delaySeconds: held ? 3_600 : nil)
    }

    /// Nanoseconds of CPU that it has used.
    func cpu() throws(BenchFault) -> UInt64 {
        guard let cpu = Nanoseconds.cpu(of: process) else { throw BenchFault("The gateway is gone.") }
        return cpu
    }

    private static func port(_ child: Child, log: String) throws(BenchFault) -> UInt16 {
        let end = Nanoseconds.now() + 60_000_000_000
        while child.isAlive, Nanoseconds.now() < end {
            if let address = text(of: log).split(separator: "http://127.0.0.1:", maxSplits: 1).dropFirst().first,
                let port = UInt16(address.prefix { $0.isNumber }), address.drop(while: \.isNumber).first != nil
            {
                return port
            }
            pause(milliseconds: 5)
        }
        throw BenchFault("The gateway did not get ready:\n\(text(of: log).suffix(2_000))")
    }

    private static func traced(_ tracer: Child) throws(BenchFault) -> pid_t {
        guard let process = Children.of(tracer.process).first else { throw BenchFault("strace has no child.") }
        Children.adopt(process)
        return process
    }

    private static func makeToken(_ plan: Plan, data: String) throws(BenchFault) -> String {
        let output = "\(data).token"
        let errors = "\(data).token.log"
        let arguments = ["token", "create", "--name", "bench", "--data", data]
        let command = try Child(plan.server, arguments, output: output, errors: errors)
        let code = try command.exitCode(within: 30)
        let token = text(of: output).split(whereSeparator: \.isWhitespace)
        unsafe unlink(output)
        guard code == 0, token.count == 1 else {
            throw BenchFault("sluice token create ended with \(code): \(text(of: errors).suffix(500))")
        }
        return String(token[0])
    }
}
