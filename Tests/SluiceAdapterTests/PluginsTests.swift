import Foundation
import SluiceConformance
import SluiceProvider
import Testing

@testable import sluice

@Suite("The adapters in Plugins")
struct PluginsTests {
    static let plugins = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined() + "/Plugins"

    private static let folders = (try? FileManager.default.contentsOfDirectory(atPath: plugins)) ?? []

    @Test("conform to their fixtures", arguments: folders.sorted())
    func conform(folder: String) async throws {
        let source = try #require(try Composition.adapters().first { $0.manifest.id == folder })
        let report = await Conformance.run(source, folder: "\(PluginsTests.plugins)/\(folder)")
        #expect(report.passed, "\(report)")
        #expect(report.fixtures > 5 && report.checks > report.fixtures)
    }

    @Test("are those that the gateway has")
    func complete() throws {
        #expect(try Composition.adapters().map(\.manifest.id).sorted() == PluginsTests.folders.sorted())
    }
}
