import Foundation
import Synchronization

/// A directory for one test: a data directory, a providers file, and nothing that outlives the test.
final class Home: Sendable {
    let path: String
    private let isKept = Atomic(false)

    /// Makes the directory.
    ///
    /// - Parameter providers: the text of the providers file; the stub alone when none is given.
    /// - Throws: what the system says against it.
    init(_ providers: String = Home.stub) throws {
        path = NSTemporaryDirectory() + "sluice-test-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try write(providers: providers)
    }

    deinit {
        guard !isKept.load(ordering: .relaxed) else { return }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Leaves the directory where it is, for somebody to look at.
    func keep() {
        isKept.store(true, ordering: .relaxed)
    }

    var data: String { path + "/data" }
    var providers: String { path + "/providers.json" }

    static let stub = #"""
        {"version": 1, "providers": [
          {"name": "stub", "adapter": "stub", "type": ["chat", "completion"], "models": ["stub-*"],
           "listed": ["stub-echo", "stub-lorem"]}]}
        """#

    /// A file with the stub, and one row of the OpenAI dialect at `url` for the models `gpt-*`.
    static func openAI(at url: String, key: String = "LOOPBACK_KEY", _ more: String = "") -> String {
        #"""
        {"version": 1, "providers": [
          {"name": "stub", "adapter": "stub", "type": ["chat", "completion"], "models": ["stub-*"]},
          {"name": "loopback", "adapter": "openai-chat", "type": "chat", "models": ["gpt-*"],
           "baseURL": "\#(url)/v1", "credential": {"env": "\#(key)"}\#(more)}]}
        """#
    }

    func write(providers text: String) throws {
        try write(text, to: providers)
    }

    func write(_ text: String, to file: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    }

    /// Makes an API token, through the running server or, where none runs, in the store itself.
    func token(_ name: String = "test", _ more: [String] = []) async throws -> String {
        let command = try Command(["token", "create", "--name", name, "--data", data] + more)
        guard await command.ended() == 0, let token = command.output.all.first else {
            throw HarnessError("no token: \(command.errors.text)")
        }
        return token
    }

    /// All bytes of all files in the data directory, but those that are only set aside.
    func storedBytes() throws -> [UInt8] {
        let names = try FileManager.default.contentsOfDirectory(atPath: data)
        return names.filter { $0 != "reserve" }.reduce(into: []) { bytes, name in
            // The socket can't be read, and holds nothing.
            if let file = FileManager.default.contents(atPath: "\(data)/\(name)") { bytes += file }
        }
    }
}
