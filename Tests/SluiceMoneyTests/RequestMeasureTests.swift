import SluiceJSON
import SluiceMoney
import SluiceTypes
import Testing

/// How large requests are taken for, in whatever format.
@Suite struct RequestMeasureTests {
    private func size(_ text: String, for operation: SluiceTypes.Operation = .chat) throws -> RequestSize {
        RequestSize(of: try Document(Array(text.utf8)), for: operation)
    }

    @Test(arguments: [
        (#"{"model":"m","messages":[{"role":"user","content":"123456789"}]}"#, Int64(3)),
        (#"{"messages":[{"role":"user","content":[{"type":"text","text":"123456"}]}]}"#, 2),
        (#"{"system":[{"type":"text","text":"123"}],"messages":[{"role":"user","content":"123"}]}"#, 2),
        (#"{"instructions":"123","input":"123456"}"#, 3),
        (#"{"prompt":["123456789012","123"]}"#, 5),
        (#"{"type":"chat","model":"m","prompt":"123"}"#, 1),
        (#"{"type":"chat","request":{"messages":[{"role":"user","content":"123456"}]}}"#, 2),
        (#"{"input":[1,2,3]}"#, 3),
        (#"{"input":[[1,2,3],[4]]}"#, 4),
        (#"{}"#, 0), (#"[]"#, 0),
        // A third of a token is one.
        (#"{"prompt":"1"}"#, 1),
    ])
    func `text counts by its bytes`(text: String, tokens: Int64) throws {
        #expect(try size(text).input == tokens)
    }

    @Test(arguments: [
        (#""plain text""#, 10), (#""a\nb""#, 3), (#""\\\"\/\t""#, 4), (#""\u0041\u00e9\u4e2d""#, 6),
        (#""\ud83d\ude00""#, 4), (#""é中😀""#, 9), (#""1234567\n9""#, 9), (#""12345678\n""#, 9), (#""""#, 0),
    ])
    func `escapes count as what they stand for`(text: String, bytes: Int) throws {
        let value = try Document(Array(text.utf8)).root
        #expect(value.decodedByteCount == bytes)
        #expect(value.decodedByteCount == value.string?.utf8.count)
    }

    @Test func `pictures, documents and sound count by what they cost, and not by their bytes`() throws {
        let long = String(repeating: "QUJD", count: 25_000)
        let parts: [(String, Int64)] = [
            (#"{"type":"image_url","image_url":{"url":"data:image/png;base64,\#(long)"}}"#, 1600),
            (#"{"type":"image_url","image_url":{"url":"https://a/b.png","detail":"low"}}"#, 85),
            (#"{"type":"input_image","image_url":"data:image/png;base64,\#(long)","detail":"high"}"#, 1600),
            (#"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"\#(long)"}}"#, 1600),
            // 75,000 bytes are two pages.
            (#"{"type":"document","source":{"type":"base64","data":"\#(long)"}}"#, 5000),
            (#"{"type":"file","file":{"file_data":"\#(long)"}}"#, 5000),
            (#"{"type":"input_file","file_id":"file-1"}"#, 2500),
            (#"{"type":"document","source":{"type":"text","data":"123456"}}"#, 2),
            // Nearly five seconds.
            (#"{"type":"input_audio","input_audio":{"data":"\#(long)","format":"mp3"}}"#, 160),
        ]
        for (part, tokens) in parts {
            let size = try size(#"{"messages":[{"role":"user","content":[\#(part)]}]}"#)
            #expect(size.input == tokens, "\(part.prefix(60))")
        }
        let result = #"{"type":"tool_result","content":[{"type":"image","source":{"data":"\#(long)"}}]}"#
        #expect(try size(#"{"messages":[{"role":"user","content":[\#(result)]}]}"#).input == 1600)
    }

    @Test func `schemas and arguments count as they are written`() throws {
        let tools = #"[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]"#
        #expect(try size(#"{"tools":\#(tools)}"#).input == Int64(tools.utf8.count + 2) / 3)
        let input = #"{"path":"/a","deep":{"x":1}}"#
        let call =
            #"{"messages":[{"role":"assistant","content":[{"type":"tool_use","name":"fff","input":\#(input)}]}]}"#
        #expect(try size(call).input == Int64(input.utf8.count + 3 + 2) / 3)
    }

    @Test func `the bound is what the text can be at most`() throws {
        let plain = try size(#"{"messages":[{"role":"user","content":"123456"},{"role":"user","content":"é"}]}"#)
        #expect(plain.mostInput == 8 + 3 * 16)
        let tools = #"[{"name":"f"}]"#
        let size = try size(#"{"messages":[{"role":"user","content":"123456"}],"tools":\#(tools)}"#)
        #expect(size.mostInput == 6 + Int64(tools.utf8.count) + 2 * 16 + 1024)
    }

    @Test func `limits are those that the request names`() throws {
        #expect(try size(#"{"prompt":"a"}"#).mostOutput == nil)
        for name in ["max_tokens", "max_completion_tokens", "max_output_tokens"] {
            #expect(try size(#"{"prompt":"a","\#(name)":77}"#).mostOutput == 77)
        }
        #expect(try size(#"{"max_tokens":-5}"#).mostOutput == nil)
        #expect(try size(#"{"max_tokens":9000000000000000000}"#).mostOutput == 100_000_000)
        #expect(try size(#"{"n":3,"max_tokens":5}"#).answers == 3)
        #expect(try size(#"{"n":-3}"#).answers == 1)
        #expect(try size(#"{"best_of":9,"n":2}"#).answers == 9)
        #expect(try size(#"{"input":"a"}"#, for: .embedding).mostOutput == 0)
        let search = #"{"tools":[{"type":"web_search_20250305","name":"web_search","max_uses":3},{"name":"f"}]}"#
        #expect(try size(search).searches == 3)
        #expect(try size(#"{"tools":[{"type":"web_search"}]}"#).searches == 10)
    }
}
