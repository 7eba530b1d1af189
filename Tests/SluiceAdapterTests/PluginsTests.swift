import Foundation
import SluiceConformance
import SluiceProvider
import Testing

@testable import sluice

@Suite("The adapters in Plugins")
struct PluginsTests {
    static let plugins = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined() + "/Plugins"

    private static let folders = (try? FileManager.default.contentsOfDirectory(atPath: plugins)) ?? []

    /// Adapters that do the work of others, and so pass their fixtures too.
    private static let others = ["openai": ["openai-chat", "openai-completion", "openai-embedding"]]

    @Test("conform to their fixtures", arguments: folders.sorted())
    func conform(folder: String) async throws {
        let source = try #require(try Composition.adapters().first { $0.manifest.id == folder })
        let others = (PluginsTests.others[folder] ?? []).map { "\(PluginsTests.plugins)/\($0)" }
        let report = await Conformance.run(source, folder: "\(PluginsTests.plugins)/\(folder)", others: others)
        #expect(report.passed, "\(report)")
        #expect(report.fixtures > 5 && report.checks > report.fixtures)
    }

    @Test("that do several others' work pass every fixture of theirs")
    func several() async throws {
        let sources = try Composition.adapters()
        for (id, others) in PluginsTests.others {
            let whole = try #require(sources.first { $0.manifest.id == id })
            let folders = others.map { "\(PluginsTests.plugins)/\($0)" }
            var fixtures = await Conformance.run(whole, folder: "\(PluginsTests.plugins)/\(id)").fixtures
            for (other, folder) in zip(others, folders) {
                let source = try #require(sources.first { $0.manifest.id == other })
                #expect(source.manifest.operations.allSatisfy { whole.manifest.operations[$0.key] == $0.value })
                #expect(source.manifest.formats.isSubset(of: whole.manifest.formats))
                fixtures += await Conformance.run(source, folder: folder).fixtures
            }
            let all = await Conformance.run(whole, folder: "\(PluginsTests.plugins)/\(id)", others: folders)
            #expect(all.passed && all.fixtures == fixtures, "\(all)")
        }
    }

    @Test("are those that the gateway has")
    func complete() throws {
        #expect(try Composition.adapters().map(\.manifest.id).sorted() == PluginsTests.folders.sorted())
    }
}
