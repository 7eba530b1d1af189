import Foundation
import Glibc

/// How large the gateway and its files are at a moment.
struct SoakSample: Sendable {
    var seconds: Double
    /// The resident memory of the process, in MB.
    var memory: Double
    /// The database and its WAL, in MB.
    var database: Double
    var wal: Double

    init(seconds: Double, memory: Double, database: Double = 0, wal: Double = 0) {
        self.seconds = seconds
        self.memory = memory
        self.database = database
        self.wal = wal
    }

    /// Takes it now; nil when the process is gone.
    init?(seconds: Double, pid: Int32, database path: String) {
        let text = try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8)
        guard let pages = text?.split(separator: " ").dropFirst().first.flatMap({ Double($0) }), pages > 0 else {
            return nil
        }
        self.init(
            seconds: seconds,
            memory: pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1e6,
            database: Self.size(path),
            wal: Self.size(path + "-wal")
        )
    }

    private static func size(_ path: String) -> Double {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return ((attributes?[.size] as? NSNumber)?.doubleValue ?? 0) / 1e6
    }
}

/// The growth of the memory of one life.
struct SoakSlope: Sendable {
    /// MB for each hour, by least squares.
    var perHour: Double
    /// The standard error of it.
    var error: Double

    /// From the least value of each minute: what is freed at once after a burst is no growth.
    ///
    /// Nil for fewer than five minutes.
    init?(_ samples: [SoakSample]) {
        var least: [Int: SoakSample] = [:]
        for sample in samples {
            let minute = Int(sample.seconds / 60)
            if sample.memory < least[minute]?.memory ?? .infinity { least[minute] = sample }
        }
        let points = least.values.map { (x: $0.seconds / 3600, y: $0.memory) }
        guard points.count >= 5 else { return nil }
        let count = Double(points.count)
        let meanX = points.reduce(0) { $0 + $1.x } / count
        let meanY = points.reduce(0) { $0 + $1.y } / count
        let spread = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
        let slope = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) } / spread
        let rest = points.reduce(0) { sum, point in
            let off = point.y - meanY - slope * (point.x - meanX)
            return sum + off * off
        }
        perHour = slope
        error = (rest / (count - 2) / spread).squareRoot()
    }

    /// Whether it is growth, and not noise: three standard errors above zero, and worth a twentieth of the memory an hour.
    func isClear(of memory: Double) -> Bool {
        perHour - 3 * error > 0 && perHour > memory / 20
    }
}
