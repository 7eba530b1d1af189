import ArgumentParser
import BenchMachine
import BenchUpstream
import Foundation

/// The upstream as a process of its own, so that its CPU is nobody else's.
struct ServeUpstream: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upstream",
        abstract: "Answer chat completions with fixed bytes, until SIGTERM; prints its port.",
        shouldDisplay: false
    )

    @Option(help: "Milliseconds between two events of a stream.")
    var gap = 5

    func run() throws {
        Limits.raiseOpenFiles()
        var server = try UpstreamServer(gapMilliseconds: gap)
        // Written past the buffer of standard output, which is a file here.
        try Self.write("\(server.port)\n")
        try server.run()
    }

    private static func write(_ text: String) throws {
        try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}
