import SluiceJSON
import SluiceMoney
import Testing

@Suite struct VectorTests {
    let file: VectorFile

    init() throws {
        file = try VectorFile.shared.get()
    }

    @Test func `every model costs what the calculator says, but where we differ on purpose`() throws {
        var count = 0
        var differences: [String] = []
        for line in file.models {
            let list = try #require(line[key: "list"]?.string)
            let model = try #require(line[key: "model"]?.string)
            for value in try #require(line[key: "cases"]).elements {
                count += 1
                if let one = try file.difference(value.elements, from: 0, model: model, list: list) {
                    differences.append(one)
                }
            }
        }
        #expect(differences.prefix(20) == [], "\(differences.count) of \(count)")
        #expect(count > 10_000)
        #expect(file.models.count == file.table.lists.reduce(0) { $0 + $1.models.count })
    }

    @Test func `a model of another's list has that list's prices and none of its variants`() throws {
        let differences = try file.borrowed.compactMap { value in
            let list = try #require(value[0]?.string)
            return try file.difference(value.elements, from: 2, model: try #require(value[1]?.string), list: list)
        }
        #expect(differences.prefix(20) == [])
        #expect(file.borrowed.count > 20)
    }

    @Test func `every pattern finds what fits it, and nothing more`() throws {
        var count = 0
        var differences: [String] = []
        for line in file.models {
            let list = try #require(line[key: "list"]?.string)
            let model = try #require(line[key: "model"]?.string)
            var expected: [(String, String?)] = []
            expected += (line[key: "is"]?.elements ?? []).map { ($0.string ?? "", model) }
            expected += (line[key: "near"]?.elements ?? []).map { ($0.string ?? "", "~" + model) }
            expected += (line[key: "none"]?.elements ?? []).map { ($0.string ?? "", nil) }
            expected += (line[key: "other"]?.members ?? []).map { ($0.key, $0.value.string) }
            for (name, found) in expected {
                count += 1
                let told = file.table.find(name, in: list).map { one in
                    (one.isExact ? "" : "~") + (one.isBorrowed ? one.list + ":" : "") + one.model.id
                }
                if told != found { differences.append("\(list) \(name): \(told ?? "none"), not \(found ?? "none")") }
            }
        }
        #expect(differences.prefix(20) == [], "\(differences.count) of \(count)")
        #expect(count > 12_000)
    }

    @Test func `every address finds its list, and one that only begins like it none`() throws {
        let addresses = try #require(file.head[key: "addresses"]).elements
        let differences = addresses.compactMap { value -> String? in
            let address = value[0]?.string ?? ""
            let told = file.table.list(at: address)?.id
            return told == value[1]?.string ? nil : "\(address): \(told ?? "none")"
        }
        #expect(differences == [])
        #expect(addresses.count > 100)
        #expect(file.table.list(at: "api.openai.com/")?.id == "openai")
        #expect(file.table.list(at: "API.OpenAI.com")?.id == "openai")
    }
}
