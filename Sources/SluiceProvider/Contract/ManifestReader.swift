import SluiceJSON
import SluiceTypes

/// Reads a `plugin.json`.
///
/// Every part is read even when another is faulty, so that all faults are found.
struct ManifestReader {
    private let root: JSONValue
    private var faults: [String] = []

    /// - Throws: ``ManifestError`` with all that is wrong.
    static func read(_ json: [UInt8], folder: String) throws(ManifestError) -> Manifest {
        let file = "Plugins/\(folder)/plugin.json"
        let root: JSONValue
        do throws(JSONError) {
            root = try Document(json).root
        } catch {
            throw ManifestError(file: file, faults: ["is no JSON: \(error)"])
        }
        guard root.kind == .object else { throw ManifestError(file: file, faults: ["must be an object"]) }
        var reader = ManifestReader(root: root)
        let manifest = reader.manifest(folder: folder)
        guard reader.faults.isEmpty else { throw ManifestError(file: file, faults: reader.faults) }
        return manifest
    }

    private init(root: JSONValue) {
        self.root = root
    }

    private mutating func manifest(folder: String) -> Manifest {
        refuseUnknown(root, ["id", "operations", "formats", "settings"], "")
        let id = root[key: "id"]?.string ?? ""
        if id != folder {
            faults.append("/id must be \"\(folder)\", as its folder is called: is this another adapter's file?")
        }
        let operations = readOperations()
        return Manifest(
            id: id,
            operations: operations,
            formats: readFormats(of: operations.keys),
            settings: readSettings()
        )
    }

    private mutating func readOperations() -> [Operation: String?] {
        let members = root[key: "operations"]?.members ?? []
        if members.isEmpty {
            faults.append("/operations must be an object of \(words(Operation.self)), with the path of each or null")
        }
        var operations: [Operation: String?] = [:]
        for (name, value) in members {
            guard let operation = Operation(rawValue: name) else {
                faults.append("/operations/\(name) is no operation; allowed are \(words(Operation.self))")
                continue
            }
            let path = value.string
            if !value.isNull, path?.hasPrefix("/") != true {
                faults.append("/operations/\(name) must be a path that begins with /, or null where no call is made")
            }
            operations.updateValue(path, forKey: operation)
        }
        return operations
    }

    private mutating func readFormats(of operations: some Collection<Operation>) -> Set<RequestFormat> {
        let elements = root[key: "formats"]?.elements ?? []
        if elements.isEmpty { faults.append("/formats must be a list of \(words(RequestFormat.self))") }
        var formats: Set<RequestFormat> = []
        for (place, value) in elements.enumerated() {
            guard let format = value.string.flatMap(RequestFormat.init) else {
                let given = value.string.map { "\"\($0)\" " } ?? ""
                faults.append("/formats/\(place) \(given)is no format; allowed are \(words(RequestFormat.self))")
                continue
            }
            formats.insert(format)
        }
        return formats
    }

    private mutating func readSettings() -> [String: AdapterSetting] {
        var settings: [String: AdapterSetting] = [:]
        for (name, value) in root[key: "settings"]?.members ?? [] {
            let place = "/settings/\(name)"
            refuseUnknown(value, ["description", "type", "minimum", "maximum", "default"], place)
            guard value[key: "type"]?.string == "integer" else {
                faults.append("\(place)/type must be \"integer\", the only one there is")
                continue
            }
            guard let description = value[key: "description"]?.string, !description.isEmpty else {
                faults.append("\(place)/description must be a line that says what it is")
                continue
            }
            let numbers = ["minimum", "maximum", "default"].map { value[key: $0]?.integer.flatMap { Int(exactly: $0) } }
            guard let least = numbers[0], let most = numbers[1], let standard = numbers[2], least <= most,
                (least...most).contains(standard)
            else {
                faults.append("\(place) must have a minimum, a maximum, and a default between them")
                continue
            }
            settings[name] = AdapterSetting(description: description, range: least...most, standard: standard)
        }
        return settings
    }

    private mutating func refuseUnknown(_ object: JSONValue, _ known: [String], _ place: String) {
        for (name, _) in object.members where !known.contains(name) {
            faults.append("\(place)/\(name) is unknown; known are \(known.joined(separator: ", "))")
        }
    }

    private func words<Word: CaseIterable & RawRepresentable>(_: Word.Type) -> String where Word.RawValue == String {
        Word.allCases.map(\.rawValue).joined(separator: ", ")
    }
}
