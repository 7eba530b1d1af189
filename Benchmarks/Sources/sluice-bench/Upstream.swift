import BenchLoad
import BenchMachine
import BenchUpstream
import Foundation
import Glibc

/// The provider behind what is measured: this program again, as a child.
struct Upstream {
    let port: UInt16
    private let child: Child

    /// - Throws: `BenchFault` when it does not start.
    init(_ workplace: Workplace, gap: Int = 5) throws(BenchFault) {
        let output = "\(workplace.path)/upstream"
        unsafe unlink(output)
        child = try Child(
            try Self.program(),
            ["upstream", "--gap", "\(gap)"],
            output: output,
            errors: "\(output).log"
        )
        let end = Nanoseconds.now() + 30_000_000_000
        while child.isAlive, Nanoseconds.now() < end {
            let line = text(of: output)
            if line.hasSuffix("\n"), let port = UInt16(line.dropLast()) {
                self.port = port
                return
            }
            pause(milliseconds: 5)
        }
        child.end()
        throw BenchFault("The upstream did not start: \(text(of: "\(output).log").suffix(500))")
    }

    func stop() { child.end() }

    /// Lets the streams that it holds go on.
    func release() throws(BenchFault) {
        let answer = try Load(port: port, token: "none", connections: 1).status(Request.release(port: port))
        guard answer.code == 200 else { throw BenchFault("The upstream does not let go of its streams.") }
    }

    /// Asked without anything between.
    var contender: Contender {
        Contender(name: "upstream", port: port, token: "none", process: child.process)
    }

    private static func program() throws(BenchFault) -> String {
        do {
            return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        } catch {
            throw BenchFault("finding this program: \(error)")
        }
    }
}
