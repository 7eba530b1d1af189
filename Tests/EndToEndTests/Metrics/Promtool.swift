import Foundation

/// Prometheus' own tool, of Debian's package `prometheus`.
enum Promtool {
    static let path = "/usr/bin/promtool"
    static let missing = "\(path) is missing: apt-get install prometheus"

    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// Runs it to its end.
    static func run(_ arguments: String..., directory: String? = nil) async throws -> Outcome {
        let command = try Command(arguments, program: path, directory: directory)
        let status = await command.ended()
        return Outcome(status: status, output: command.output.text, errors: command.errors.text)
    }

    /// Has it judge a page of metrics.
    static func check(_ page: String, in home: Home) async throws -> Outcome {
        let file = home.path + "/metrics.txt"
        try home.write(page, to: file)
        let command = try Command(["-c", "exec \(path) check metrics < \(file)"], program: "/bin/sh")
        let status = await command.ended()
        return Outcome(status: status, output: command.output.text, errors: command.errors.text)
    }
}
