import Foundation
package import Glibc

/// A process's resident memory in bytes.
package struct Memory: Sendable {
    /// All resident pages, those of shared libraries included.
    package var resident: Int
    /// The same with each shared page divided by its users; nil where the kernel does not tell.
    package var proportional: Int?

    /// - Throws: `BenchFault` when the process is gone.
    package static func of(_ process: pid_t) throws(BenchFault) -> Memory {
        guard let resident = kilobytes("VmRSS:", in: "/proc/\(process)/status") else {
            throw BenchFault("The process \(process) is gone: its memory can't be read.")
        }
        let proportional = kilobytes("Pss:", in: "/proc/\(process)/smaps_rollup")
        return Memory(resident: resident * 1024, proportional: proportional.map { $0 * 1024 })
    }

    private static func kilobytes(_ name: String, in path: String) -> Int? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return nil }
        return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }
}
