import SluiceDialects
import Testing

@Suite("The usage in a chunk that did not ask for it")
struct OpenAIChunkUsageTests {
    private func stripped(_ chunk: String) -> String? {
        OpenAIChunkUsage.strip(Array(chunk.utf8)[...]).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "goes, and nothing else of the chunk is touched",
        arguments: [
            (
                #"{"id":"a","choices":[{"delta":{"content":"x"}}],"usage":{"total_tokens":3}}"#,
                #"{"id":"a","choices":[{"delta":{"content":"x"}}]}"#
            ),
            (#"{"usage":null, "choices":[{"delta":{}}] , "x": 1E2}"#, #"{ "choices":[{"delta":{}}] , "x": 1E2}"#),
        ]
    )
    func removed(chunk: String, expected: String) {
        #expect(stripped(chunk) == expected)
    }

    @Test(
        "takes a chunk along that brings nothing else",
        arguments: [
            #"{"choices":[],"usage":{"total_tokens":3}}"#, #"{"choices":[],"usage":null}"#,
            #"{"usage":{"total_tokens":3}}"#,
        ]
    )
    func alone(chunk: String) {
        #expect(stripped(chunk) == nil)
    }

    @Test(
        "is none where the word stands elsewhere, or the chunk can't be read",
        arguments: [
            #"{"choices":[{"delta":{"content":"\"usage\""}}]}"#, #"{"choices":[{"usage":1}]}"#, #"{"usage":"#, "",
            "\"usage\"",
            #"{"choices":[]}"#,
        ]
    )
    func kept(chunk: String) {
        #expect(stripped(chunk) == chunk)
    }
}
