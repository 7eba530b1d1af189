import SluiceDialects
import SluiceJSON
import Testing

@Suite("What a provider says of a response in the background")
struct ResponsesRelabelTests {
    private let relabel = ResponsesRelabel(id: "resp_own")

    private func event(_ text: String, _ number: Int64 = 1_000_007, previous: String? = nil) -> String? {
        let relabel = ResponsesRelabel(id: "resp_own", previous: previous)
        return relabel.event(Array(text.utf8), number: number).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "gets our number and our id, and keeps all else",
        arguments: [
            (
                #"{"type":"response.output_text.delta", "sequence_number": 4 ,"delta":"\u0061\/","item_id":"msg_1"}"#,
                #"{"type":"response.output_text.delta", "sequence_number": 1000007 ,"delta":"\u0061\/","item_id":"msg_1"}"#
            ),
            (
                #"""
                 {"sequence_number":0,"response":{"object":"response", "id" : "resp_x","t":1E2,\#
                "output":[{"id":"msg_1"}]},"type":"response.created"} 
                """#,
                #"""
                 {"sequence_number":1000007,"response":{"object":"response", "id" : "resp_own","t":1E2,\#
                "output":[{"id":"msg_1"}]},"type":"response.created"} 
                """#
            ),
            (
                #"{"type":"x","response_id":"resp_x","sequence_number":9,"id":"kept"}"#,
                #"{"type":"x","response_id":"resp_own","sequence_number":1000007,"id":"kept"}"#
            ),
            // What some providers leave out.
            (
                #"{"type":"response.completed","response":{}}"#,
                #"{"type":"response.completed","response":{"id":"resp_own"},"sequence_number":1000007}"#
            ),
            ("{}", #"{"sequence_number":1000007}"#),
            // Wrong kinds, and names that are there twice.
            (
                #"{"sequence_number":{"a":1},"response":[],"response_id":7}"#,
                #"{"sequence_number":1000007,"response":[],"response_id":7}"#
            ),
            (
                #"{"sequence_number":1,"sequence_number":2,"response":{"id":null,"id":"x"}}"#,
                #"{"sequence_number":1000007,"response":{"id":"resp_own"}}"#
            ),
            (
                #"{"response":{"id":"resp_x","background":false,"previous_response_id":"p"},"sequence_number":1}"#,
                #"{"response":{"id":"resp_own","background":true,"previous_response_id":"p"},"sequence_number":1000007}"#
            ),
        ]
    )
    func events(text: String, expected: String) {
        #expect(event(text) == expected)
    }

    @Test("names what its caller named before it")
    func previous() {
        let text = #"{"response":{"id":"resp_x","previous_response_id":null},"sequence_number":1}"#
        let expected = #"{"response":{"id":"resp_own","previous_response_id":"resp_before"},"sequence_number":1000007}"#
        #expect(event(text, previous: "resp_before") == expected)
    }

    @Test("is nothing where it is no object", arguments: ["", "[]", "7", "null", "{", #"{"a":1"#, "\u{0}"])
    func none(text: String) {
        #expect(event(text) == nil && relabel.object(Array(text.utf8)) == nil)
        #expect(ResponsesRelabel.number(in: Array(text.utf8)) == nil)
    }

    @Test("is as well a plain object")
    func object() {
        let body = Array(#"{ "id":"resp_x", "output":[{"id":"msg_1"}], "temperature":1.0 }"#.utf8)
        let expected = #"{ "id":"resp_own", "output":[{"id":"msg_1"}], "temperature":1.0 }"#
        #expect(relabel.object(body).map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    @Test("tells the provider's number")
    func number() {
        #expect(ResponsesRelabel.number(in: Array(#"{"sequence_number":12}"#.utf8)) == 12)
        #expect(ResponsesRelabel.number(in: Array(#"{"sequence_number":"12"}"#.utf8)) == nil)
    }

    @Test("stands what is deep")
    func deep() {
        let deep = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
        #expect(event(#"{"a":\#(deep)}"#) == nil)
    }
}
