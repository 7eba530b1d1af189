import FoundationEssentials
import SluiceJSON

/// The files of one plugin.
struct FixtureFolder {
    private let folder: String
    /// The files in `Fixtures/`, sorted.
    let names: [String]

    init(_ folder: String) {
        self.folder = folder
        let found = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/Fixtures")) ?? []
        names = found.filter { !$0.hasPrefix(".") }.sorted()
    }

    func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(folder)/\(path)")
    }

    func bytes(_ path: String) throws(FixtureFault) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(path)") else {
            throw FixtureFault("can't be read; is it there?")
        }
        return Array(data)
    }

    func json(_ path: String) throws(FixtureFault) -> JSONValue {
        let bytes = try bytes(path)
        do throws(JSONError) {
            return try Document(bytes).root
        } catch {
            throw FixtureFault("is not JSON: \(error)")
        }
    }
}

/// What is wrong with a fixture itself.
struct FixtureFault: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
