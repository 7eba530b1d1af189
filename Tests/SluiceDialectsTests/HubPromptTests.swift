import SluiceDialects
import SluiceJSON
import SluiceProvider
import SluiceTypes
import Testing

@Suite("A native prompt in OpenAI's words")
struct HubPromptTests {
    private func body(_ operation: Operation, _ prompt: String, model: String = "m") throws -> String {
        let document = try Document(Array(prompt.utf8))
        let request = CallerRequest(
            operation: operation,
            format: .prompt,
            stream: false,
            model: model,
            document: document
        )
        return String(decoding: try OpenAIDialect.translate(request).document.bytes, as: UTF8.self)
    }

    @Test(
        "of a chat keeps every byte that its caller spelled",
        arguments: [
            (
                #"{"type":"chat","model":"m","prompt":"Hi"}"#,
                #"{"model":"m","messages":[{"role":"user","content":"Hi"}]}"#
            ),
            (
                #"{ "prompt" : "a\/b\u00e9 é \ud83d\ude00 \u0041\"\\\n" , "systemMsg" : "" }"#,
                #"{"model":"m","messages":[{"role":"system","content":""},"#
                    + #"{"role":"user","content":"a\/b\u00e9 é \ud83d\ude00 \u0041\"\\\n"}]}"#
            ),
            (
                #"{"maxToken":12,"randomness":0.70,"systemMsg":"Be brief.","prompt":"Hi","metadata":{"a":"b"}}"#,
                #"{"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}],"#
                    + #""temperature":0.70,"max_tokens":12}"#
            ),
            (
                #"{"prompt":"Hi","randomness":1E0,"maxToken":2147483647}"#,
                #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":1E0,"max_tokens":2147483647}"#
            ),
            (
                #"{"prompt":"Hi","randomness":-0.0,"maxToken":null,"systemMsg":null}"#,
                #"{"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":-0.0}"#
            ),
            (#"{"prompt":null,"randomness":null}"#, #"{"model":"m","messages":[]}"#),
            (#"{"systemMsg":"S"}"#, #"{"model":"m","messages":[{"role":"system","content":"S"}]}"#),
        ]
    )
    func chat(prompt: String, expected: String) throws {
        #expect(try body(.chat, prompt) == expected)
    }

    @Test("names the model that is asked for, not the one in the prompt")
    func model() throws {
        let text = try body(.chat, #"{"model":"a","prompt":"Hi"}"#, model: "b\"/ü")
        #expect(text == #"{"model":"b\"/ü","messages":[{"role":"user","content":"Hi"}]}"#)
    }

    @Test(
        "of a completion and of an embedding keeps every byte as well",
        arguments: [
            (Operation.completion, #"{"prompt":"a\/b"}"#, #"{"model":"m","prompt":"a\/b"}"#),
            (
                .completion, #"{"prompt":"Hi","systemMsg":"S\u0041","randomness":0.70,"maxToken":7}"#,
                #"{"model":"m","prompt":"S\u0041\n\nHi","temperature":0.70,"max_tokens":7}"#
            ),
            (.completion, #"{"prompt":null,"systemMsg":"S"}"#, #"{"model":"m","prompt":"S\n\n"}"#),
            (.embedding, #"{"prompt":"a\/b","maxToken":7}"#, #"{"model":"m","input":"a\/b","max_tokens":7}"#),
            (.embedding, #"{"prompt":["a",1]}"#, #"{"model":"m","input":["a",1]}"#),
        ]
    )
    func others(operation: Operation, prompt: String, expected: String) throws {
        #expect(try body(operation, prompt) == expected)
    }
}
