import Foundation
import Glibc

/// How busy the machine is while this run does nothing.
package enum OtherWork {
    /// The share of all processors' time, 0 to 1, that is used during a second of waiting; nil where it can't be read.
    package static func share() -> Double? {
        guard let before = times() else { return nil }
        pause(milliseconds: 1_000)
        guard let after = times(), after.all > before.all else { return nil }
        return 1 - Double(after.idle - before.idle) / Double(after.all - before.all)
    }

    /// The first line of `/proc/stat` (proc_stat(5)): idle and waiting time are its fourth and fifth figures.
    private static func times() -> (idle: Int, all: Int)? {
        guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8) else { return nil }
        let figures = text.prefix { $0 != "\n" }.split(separator: " ").compactMap { Int($0) }.prefix(8)
        return figures.count == 8 ? (figures[3] + figures[4], figures.reduce(0, +)) : nil
    }
}
