import Foundation
import Glibc

/// An nginx before a gateway, with the settings that `docs/operations.md` names and its own defaults besides.
///
/// One process without a master, so that ending it by its id leaves no worker behind.
final class Nginx: Sendable {
    /// Where Debian's package puts it.
    static let program = "/usr/sbin/nginx"

    /// Why the tests that need it are skipped where it is not installed.
    static let missing = "There is no \(program); Debian's package nginx has it."

    /// Whether it is installed.
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

    /// Where it listens on 127.0.0.1.
    let port: Int
    private let process: Command
    // Its files lie there, so the directory lives as long as it does.
    private let home: Home

    /// Starts one and waits until it listens.
    ///
    /// - Parameters:
    ///   - gateway: what it passes requests on to.
    ///   - more: further settings of its location, each ended by a semicolon.
    /// - Throws: `HarnessError` with nginx's own words where it does not start.
    init(before gateway: Gateway, _ more: String = "") async throws {
        home = gateway.home
        port = try FreePort.find(from: 19_000 + Int(getpid()) % 900)
        let directory = home.path + "/nginx-\(port)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let file = directory + "/nginx.conf"
        try home.write(Self.settings(port: port, gateway: gateway.port, directory: directory, more), to: file)
        process = try Command(["-c", file, "-e", "stderr", "-p", directory], program: Self.program)
        // Said once its sockets are open.
        guard await process.logs("event method") != nil else {
            throw HarnessError("nginx ended with \(await process.ended()) and said: \(process.errors.text)")
        }
    }

    /// The first line that holds `part` in its log, or nil when it ended without one.
    func logs(_ part: String) async -> String? {
        await process.logs(part)
    }

    private static func settings(port: Int, gateway: Int, directory: String, _ more: String) -> String {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "\($0)_temp_path \(directory)/\($0);" }
            .joined(separator: "\n    ")
        return """
            daemon off;
            master_process off;
            pid \(directory)/pid;
            error_log stderr info;
            events {}
            http {
                access_log off;
                \(temporary)
                upstream sluice {
                    server 127.0.0.1:\(gateway);
                    keepalive 64;
                }
                server {
                    listen 127.0.0.1:\(port);
                    location / {
                        proxy_pass http://sluice;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header Host $host;
                        \(more)
                    }
                }
            }
            """
    }
}
