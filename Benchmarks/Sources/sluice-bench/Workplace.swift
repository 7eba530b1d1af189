import BenchMachine
import Foundation
import Glibc

/// The directory of one run, gone when the run is over.
struct Workplace: Sendable {
    let path: String
    private let keep: Bool

    init(parent: String, keep: Bool) throws(BenchFault) {
        // Whole, since nginx reads a relative path from where it was built to live.
        path = URL(fileURLWithPath: parent).path + "/\(getpid())"
        self.keep = keep
        try make(path)
    }

    /// Makes a directory of its own in it.
    func directory(_ name: String) throws(BenchFault) -> String {
        let directory = "\(path)/\(name)"
        try make(directory)
        return directory
    }

    /// Copies the files of a directory; sockets stay behind.
    func copy(_ source: String, to name: String) throws(BenchFault) -> String {
        let target = "\(path)/\(name)"
        do {
            try? FileManager.default.removeItem(atPath: target)
            try make(target)
            for file in try FileManager.default.contentsOfDirectory(atPath: source) {
                let type = try FileManager.default.attributesOfItem(atPath: "\(source)/\(file)")[.type]
                guard type as? FileAttributeType == .typeRegular else { continue }
                try FileManager.default.copyItem(atPath: "\(source)/\(file)", toPath: "\(target)/\(file)")
            }
        } catch {
            throw BenchFault("copying \(source): \(error)")
        }
        return target
    }

    func write(_ text: String, to name: String) throws(BenchFault) -> String {
        do {
            try text.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
        } catch {
            throw BenchFault("writing \(path)/\(name): \(error)")
        }
        return "\(path)/\(name)"
    }

    func remove() {
        guard !keep else { return }
        try? FileManager.default.removeItem(atPath: path)
    }

    private func make(_ directory: String) throws(BenchFault) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw BenchFault("making \(directory): \(error)")
        }
    }
}

/// A file's text, or nothing while there is none.
func text(of path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
}
