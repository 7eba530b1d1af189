import SluiceDialects
import Testing

@Suite("The names of what was left out")
struct DroppedNamesTests {
    @Test("stand once each, in their order")
    func names() {
        var names = DroppedNames(["reasoning", "web_search_call", "reasoning"])
        names.add(["reasoning", "store"])
        #expect(names.names == ["reasoning", "web_search_call", "store"])
        #expect(names.value == "reasoning,web_search_call,store")
        #expect(DroppedNames().value == nil && DroppedNames([""]).value == nil)
    }

    @Test("end at a whole name within 1 KiB")
    func length() {
        let exact = DroppedNames([String(repeating: "a", count: 1000), String(repeating: "b", count: 23), "c"])
        #expect(exact.value?.utf8.count == 1024 && exact.value?.hasSuffix("b") == true)
        let over = DroppedNames([String(repeating: "a", count: 1000), String(repeating: "b", count: 24), "c"])
        #expect(over.value == String(repeating: "a", count: 1000))
        #expect(DroppedNames([String(repeating: "a", count: 1 << 20)]).value == nil)
        #expect(DroppedNames((0..<10_000).map { "name\($0)" }).value?.utf8.count ?? 0 <= 1024)
    }

    @Test("hold nothing that ends a header field or a name")
    func letters() {
        #expect(DroppedNames(["a,b", "c\r\nx: y", "é", "d e"]).value == "a_b,c__x:_y,__,d_e")
    }
}
