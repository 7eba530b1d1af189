import SluiceDialects
import SluiceJSON
import Testing

@Suite("Reasoning that another account issued")
struct ReasoningCutTests {
    private func text(_ cut: ReasoningCut?) -> String? {
        cut.map { String(decoding: $0.document.bytes, as: UTF8.self) }
    }

    @Test(
        "goes from a request for a response, and its followers lose their ids",
        arguments: [
            (
                #"""
                { "input":[{"role":"user","content":"\/"}, {"type":"reasoning","id":"rs_1","summary":[],\#
                "encrypted_content":"gA"} ,{"type":"function_call","id":"fc_1","call_id":"c"},\#
                {"type":"function_call_output","id":"fco_1","call_id":"c","output":1E2},{"type":"reasoning","id":"rs_2",\#
                "summary":[{"type":"summary_text","text":"s"}]}, {"type":"message","id":"msg_1","role":"assistant",\#
                "content":[]},{"type":"web_search_call","id":"ws_1"},{"type":"custom_tool_call","id":"ctc_1"},\#
                {"type":"computer_call","id":"cu_1"}],"temperature":0.70}
                """#,
                #"""
                { "input":[{"role":"user","content":"\/"} ,{"type":"function_call","call_id":"c"},\#
                {"type":"function_call_output","id":"fco_1","call_id":"c","output":1E2}, {"type":"message",\#
                "role":"assistant","content":[]},{"type":"web_search_call"},{"type":"custom_tool_call"},\#
                {"type":"computer_call","id":"cu_1"}],"temperature":0.70}
                """#
            ),
            (
                #"{"input":[{"type":"reasoning","encrypted_content":"x","content":[{"type":"reasoning_text","text":"t"}]}]}"#,
                #"{"input":[]}"#
            ),
            (
                #"""
                {"input":[{"type":"reasoning"},{"type":"reasoning","id":"rs_3","summary":[],\#
                "content":[{"type":"reasoning_text","text":"t"}]}]}
                """#,
                #"{"input":[{"type":"reasoning","id":"rs_3","summary":[],"content":[{"type":"reasoning_text","text":"t"}]}]}"#
            ),
        ]
    )
    func responses(body: String, expected: String) throws {
        let cut = try ResponsesReasoning.cut(from: try Document(Array(body.utf8)))
        #expect(text(cut) == expected && cut?.dropped.names == ["reasoning"])
    }

    @Test("goes by whatever name, and a user's message keeps its id")
    func otherNames() throws {
        let body =
            #"{"input":[{"type":"vendor_thought","encrypted_content":"x"},{"type":"message","id":"msg_1","role":"user"}]}"#
        let cut = try ResponsesReasoning.cut(from: try Document(Array(body.utf8)))
        #expect(text(cut) == #"{"input":[{"type":"message","id":"msg_1","role":"user"}]}"#)
        #expect(cut?.dropped.names == ["vendor_thought"])
    }

    @Test(
        "is not there, so that nothing changes",
        arguments: [
            "{}", "[]", "7", #"{"input":"reasoning"}"#, #"{"input":{"type":"reasoning"}}"#,
            #"{"input":[7,null,["reasoning"],{"type":["reasoning"]}]}"#,
            #"{"input":[{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"reasoning"}]}]}"#,
            #"""
            {"input":[{"type":"reasoning","id":"rs_1","encrypted_content":"","content":[{"type":"reasoning_text",\#
            "text":"t"}]}]}
            """#,
        ]
    )
    func nothing(body: String) throws {
        let document = try Document(Array(body.utf8))
        #expect(try ResponsesReasoning.cut(from: document) == nil)
        #expect(AnthropicThinking.cut(from: document) == nil)
    }

    @Test(
        "can't go where a compaction holds the conversation",
        arguments: ["compaction", "compaction_summary", "context_compaction"]
    )
    func compaction(type: String) throws {
        let body =
            #"{"input":[{"type":"reasoning","encrypted_content":"x"},{"type":"\#(type)","encrypted_content":"y"}]}"#
        let document = try Document(Array(body.utf8))
        #expect(throws: ResponsesFault.boundElsewhere("a compaction item")) {
            try ResponsesReasoning.cut(from: document)
        }
    }

    @Test(
        "goes from the assistant's turns, and a turn of nothing else goes whole",
        arguments: [
            (
                #"""
                {"model":"m", "messages":[{"role":"user","content":"\/a"}, {"role":"assistant",\#
                "content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"redacted_thinking","data":"d"} ,\#
                 {"type":"text","text":"A"},{"type":"thinking","thinking":"u","signature":"s"}, {"type":"tool_use",\#
                "id":"toolu_1","name":"n","input":{"x":1E2}}]},{"role":"user","content":[{"type":"tool_result",\#
                "tool_use_id":"toolu_1","content":[{"type":"thinking"}]}]}],"max_tokens":9}
                """#,
                #"""
                {"model":"m", "messages":[{"role":"user","content":"\/a"}, {"role":"assistant",\#
                "content":[{"type":"text","text":"A"}, {"type":"tool_use","id":"toolu_1","name":"n",\#
                "input":{"x":1E2}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1",\#
                "content":[{"type":"thinking"}]}]}],"max_tokens":9}
                """#,
                ["thinking", "redacted_thinking"]
            ),
            (
                #"""
                {"messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"redacted_thinking",\#
                "data":"d"}]},{"role":"user","content":"b"},{"role":"assistant","content":[]},{"role":"assistant",\#
                "content":"thinking"}]}
                """#,
                #"""
                {"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"assistant",\#
                "content":[]},{"role":"assistant","content":"thinking"}]}
                """#,
                ["redacted_thinking"]
            ),
            (
                #"""
                {"messages":[{"role":"user","content":[{"type":"thinking","thinking":"mine"}]},{"role":"assistant",\#
                "content":[{"type":"thinking"},{"type":"text","text":"A"}]},7]}
                """#,
                #"""
                {"messages":[{"role":"user","content":[{"type":"thinking","thinking":"mine"}]},{"role":"assistant",\#
                "content":[{"type":"text","text":"A"}]},7]}
                """#,
                ["thinking"]
            ),
        ]
    )
    func messages(body: String, expected: String, names: [String]) throws {
        let cut = AnthropicThinking.cut(from: try Document(Array(body.utf8)))
        #expect(text(cut) == expected && cut?.dropped.names == names)
    }

    private static let turns =
        #"""
        [{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"thinking","thinking":"t",\#
        "signature":"s"},{"type":"tool_use","id":"t"}]}
        """#
    private static let left =
        #"[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"tool_use","id":"t"}]}"#
    private static let result = #",{"role":"user","content":[{"type":"tool_result","tool_use_id":"t"}]}]"#

    @Test(
        "takes the wish for it along where a call of a tool may not stand without it",
        arguments: [
            // A budget, and the tools have just answered.
            (
                #"{"thinking":{"type":"enabled","budget_tokens":1024},"messages":\#(turns)\#(result),"max_tokens":9}"#,
                #"{"messages":\#(left)\#(result),"max_tokens":9}"#, ["thinking"]
            ),
            (
                #"""
                {"messages":\#(turns)\#(result),"thinking":{"type":"enabled"},\#
                "context_management":{"edits":[{"type":"clear_thinking_20251015","keep":"all"}]}}
                """#,
                #"{"messages":\#(left)\#(result)}"#, ["thinking", "context_management"]
            ),
            (
                #"""
                {"messages":\#(turns)\#(result),"thinking":{"type":"enabled"},\#
                "context_management":{"edits":[{"type":"clear_thinking_20251015"},{"type":"clear_tool_uses_20250919"}]}}
                """#,
                #"{"messages":\#(left)\#(result),"context_management":{"edits":[{"type":"clear_tool_uses_20250919"}]}}"#,
                ["thinking", "context_management"]
            ),
            // The model decides itself, or the user speaks.
            (
                #"""
                {"messages":\#(turns)\#(result),"thinking":{"type":"adaptive"},\#
                "context_management":{"edits":[{"type":"clear_thinking_20251015"}]}}
                """#,
                #"""
                {"messages":\#(left)\#(result),"thinking":{"type":"adaptive"},\#
                "context_management":{"edits":[{"type":"clear_thinking_20251015"}]}}
                """#,
                ["thinking"]
            ),
            (
                #"{"messages":\#(turns),{"role":"user","content":"b"}],"thinking":{"type":"enabled"}}"#,
                #"{"messages":\#(left),{"role":"user","content":"b"}],"thinking":{"type":"enabled"}}"#, ["thinking"]
            ),
        ]
    )
    func mode(body: String, expected: String, names: [String]) throws {
        let cut = AnthropicThinking.cut(from: try Document(Array(body.utf8)))
        #expect(text(cut) == expected && cut?.dropped.names == names)
    }
}
