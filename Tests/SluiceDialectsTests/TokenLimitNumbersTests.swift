import SluiceDialects
import Testing

@Suite("The numbers in a sentence about too many tokens")
struct TokenLimitNumbersTests {
    @Test(
        "are the limit and what the input has, however a provider puts it",
        arguments: [
            (
                "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (8100 in the messages, 900 in the completion).",
                8192, 8100
            ),
            (
                "This model's maximum context length is 4097 tokens. However, your messages resulted in 6988 tokens.",
                4097, 6988
            ),
            (
                "maximum context length is 8191 tokens, however you requested 8238 tokens (8238 in your prompt; 0 for the completion)",
                8191, 8238
            ),
            ("prompt is too long: 210,000 tokens > 200,000 maximum", 200_000, 210_000),
            ("input length and `max_tokens` exceed context limit: 195000 + 128000 > 200000", 200_000, nil),
            (
                "The input token count (1048600) exceeds the maximum number of tokens allowed (1048576).", 1_048_576,
                1_048_600
            ),
            ("Prompt exceeds max length of 200000 tokens (210000 given)", 200_000, 210_000),
            ("the context window of 32768 tokens was exceeded by 40000 input tokens", 32_768, 40_000),
        ] as [(String, Int64, Int64?)]
    )
    func sentences(sentence: String, limit: Int64, input: Int64?) throws {
        let numbers = try #require(TokenLimitNumbers(sentence))
        #expect(numbers.limit == limit)
        #expect(numbers.input == input)
    }

    @Test(
        "are none where no limit is named, or nothing that a number could be",
        arguments: [
            "", "too long", "it has 300000 tokens", "length is 99999999999999999999 tokens", "limit is , tokens",
        ]
    )
    func none(sentence: String) {
        #expect(TokenLimitNumbers(sentence) == nil)
    }
}
