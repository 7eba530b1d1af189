import OpenAIChatAdapter
import OpenAICompletionAdapter
import OpenAIEmbeddingAdapter
import SluiceConformance
import SluiceProvider
import StubAdapter
import Testing

@Suite("The adapters in Plugins")
struct PluginsTests {
    static let plugins = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined() + "/Plugins"

    @Test(
        "conform to their fixtures",
        arguments: [
            (OpenAIChatAdapter.self as any Adapter.Type, "openai-chat"),
            (OpenAICompletionAdapter.self as any Adapter.Type, "openai-completion"),
            (OpenAIEmbeddingAdapter.self as any Adapter.Type, "openai-embedding"),
            (StubAdapter.self as any Adapter.Type, "stub"),
        ]
    )
    func conform(adapter: any Adapter.Type, folder: String) {
        let report = Conformance.run(adapter: adapter, folder: "\(PluginsTests.plugins)/\(folder)")
        #expect(report.passed, "\(report)")
        #expect(report.fixtures > 5 && report.checks > 50)
    }
}
