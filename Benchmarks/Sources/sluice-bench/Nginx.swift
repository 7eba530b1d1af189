import BenchLoad
import BenchMachine
import Glibc

/// An nginx: bare, it answers every prompt with the same 202, without token, JSON and disk; or it passes calls on.
///
/// One process without a master, so that ending it by its id leaves no worker behind.
struct Nginx {
    private let child: Child
    private let port: UInt16

    /// - Parameters:
    ///   - plan: Names the binary.
    ///   - workplace: Takes its settings.
    ///   - name: Of its directory.
    ///   - upstream: The port that it passes requests on to; nil for the bare one.
    /// - Throws: `BenchFault` when it does not start.
    init(
        _ plan: Plan,
        _ workplace: Workplace,
        directory name: String = "nginx",
        upstream: UInt16? = nil
    ) throws(BenchFault) {
        let directory = try workplace.directory(name)
        port = try Self.freePort()
        let settings = Self.configuration(port, directory, upstream)
        let configuration = try workplace.write(settings, to: "\(name).conf")
        let log = "\(directory)/log"
        child = try Child(plan.nginx, ["-c", configuration, "-e", log], output: log, errors: log)
        try waitUntilReady(log)
    }

    func stop() { child.end() }

    /// Where it takes whatever it is sent.
    var url: String { "http://127.0.0.1:\(port)" }

    func contender(_ name: String) -> Contender {
        Contender(name: name, port: port, token: String(repeating: "x", count: 50), process: child.process)
    }

    func load(_ connections: Int) -> Load {
        Load(port: port, token: "none", connections: connections)
    }

    func prompt() -> [UInt8] {
        Request.prompt(port: port, token: String(repeating: "x", count: 50), model: "stub-echo", delaySeconds: 3_600)
    }

    /// Nanoseconds of CPU that it has used.
    func cpu() -> UInt64 {
        Nanoseconds.cpu(of: child.process) ?? 0
    }

    private func waitUntilReady(_ log: String) throws(BenchFault) {
        let end = Nanoseconds.now() + 10_000_000_000
        while child.isAlive, Nanoseconds.now() < end {
            if (try? load(1).status(prompt())) != nil { return }
            pause(milliseconds: 10)
        }
        throw BenchFault("nginx did not start: \(text(of: log).suffix(500))")
    }

    private static func configuration(_ port: UInt16, _ directory: String, _ upstream: UInt16?) -> String {
        """
        daemon off;
        master_process off;
        pid \(directory)/pid;
        error_log \(directory)/log warn;
        events { worker_connections 16384; }
        http {
            access_log off;
            keepalive_requests 1000000000;
            client_max_body_size 64m;
            client_body_temp_path \(directory)/body;
            proxy_temp_path \(directory)/proxy;
            fastcgi_temp_path \(directory)/fastcgi;
            uwsgi_temp_path \(directory)/uwsgi;
            scgi_temp_path \(directory)/scgi;
            \(upstream.map { "upstream bench { server 127.0.0.1:\($0); keepalive 256; }" } ?? "")
            server {
                listen 127.0.0.1:\(port);
                default_type application/json;
                location / { \(upstream == nil ? accepting : passing) }
            }
        }
        """
    }

    private static let accepting = """
        add_header Location /v1/prompts/01932c5e-7b1a-7c3d-8e4f-0123456789ab always;
        return 202 '{"status":"queued"}';
        """

    /// Events go on at once, over kept connections.
    private static let passing = """
        proxy_pass http://bench;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_buffering off;
        """

    private static func freePort() throws(BenchFault) -> UInt16 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(socket, address, size) == 0 && getsockname(socket, address, &size) == 0
            }
        }
        guard bound else { throw .system("finding a free port") }
        return UInt16(bigEndian: address.sin_port)
    }
}
