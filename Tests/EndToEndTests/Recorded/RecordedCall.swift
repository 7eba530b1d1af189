import Foundation
import SluiceJSON

/// A request as a real client sent it, recorded on 2026-11-30 with Claude Code 2.1.332 and Codex 0.163.0.
///
/// Of a recording everything is as it was, the order of fields and members too, but for: texts longer than 48 characters, which
/// are ours; all tools but the first two of a kind; all properties of a tool's schema but the first; ids and hashes, of which each
/// stands for another one. The files say `TOKEN`, `HOST` and `LENGTH` where these belong.
struct RecordedCall: Sendable {
    /// The request line and the header fields.
    private let head: String
    /// The body; empty where it has none.
    let body: String

    /// Reads one.
    ///
    /// - Parameters:
    ///   - name: the file's name in `Requests`, without the ending.
    ///   - model: the model to ask for instead of the recorded one.
    /// - Throws: when there is no such file, or none with a head.
    init(_ name: String, model: String? = nil) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let text = try String(contentsOf: folder.appendingPathComponent("Requests/\(name).http"), encoding: .utf8)
        guard let end = text.range(of: "\n\n") else { throw HarnessError("\(name).http has no end of its head") }
        head = String(text[..<end.lowerBound])
        let recorded = text[end.upperBound...].drop { $0 == "\n" }.split(separator: "\n").first.map(String.init) ?? ""
        guard let model, let asked = try Document(Array(recorded.utf8)).root[key: "model"]?.string else {
            body = recorded
            return
        }
        body = recorded.replacing("\"model\":\"\(asked)\"", with: "\"model\":\"\(model)\"")
    }

    /// The value of a field as the client sent it; of several, the first.
    subscript(name: String) -> String? {
        head.split(separator: "\n").dropFirst()
            .first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
            .map { String($0.dropFirst(name.count + 2)) }
    }

    /// What goes over the wire.
    func bytes(port: Int, token: String) -> [UInt8] {
        let lines = head.replacing("TOKEN", with: token).replacing("HOST", with: "127.0.0.1:\(port)")
            .replacing("LENGTH", with: "\(body.utf8.count)")
        return Array("\(lines.replacing("\n", with: "\r\n"))\r\n\r\n\(body)".utf8)
    }
}
