import SluiceDialects
import SluiceProvider
import SluiceTypes
import Testing

@Suite("A refusal for what a provider did not write or keep")
struct RefusalTests {
    private func responses(_ status: Int, _ body: String) -> ProviderError {
        OpenAIErrorReader.classify(status: status, body: Array(body.utf8))
    }

    private func messages(_ message: String) -> ProviderError {
        let body = #"{"type":"error","error":{"type":"invalid_request_error","message":"\#(message)"}}"#
        return AnthropicErrorReader.classify(status: 400, body: Array(body.utf8))
    }

    @Test(
        "speaks of reasoning",
        arguments: [
            (
                400,
                #"{"error":{"message":"Nope.","type":"invalid_request_error","param":null,"code":"invalid_encrypted_content"}}"#
            ),
            (400, #"{"error":{"message":"The encrypted content gAAA...Ab== could not be verified.","code":null}}"#),
            (
                400,
                #"""
                {"error":{"message":"The encrypted content for item rs_1 could not be verified. Reason: Encrypted content item\#
                _id did not match the target item id.","code":"invalid_request_body"}}
                """#
            ),
            (
                400,
                #"""
                {"code":"invalid-argument",\#
                "error":"Could not decrypt the provided encrypted_content. Ensure the value is unmodified."}
                """#
            ),
            (400, #"{"error":{"message":"Could not decode the compaction blob. Ensure it is unmodified."}}"#),
            (
                404,
                #"""
                {"error":{"message":"Item with id 'rs_1' not found. Items are not persisted when `store` is set to false.",\#
                "param":"input"}}
                """#
            ),
        ]
    )
    func reasoning(status: Int, body: String) {
        #expect(OpaqueRefusal.isSaid(by: responses(status, body)))
    }

    @Test(
        "speaks of a signature",
        arguments: [
            "messages.1.content.0: Invalid `signature` in `thinking` block",
            "messages.3.content.0: Invalid signature in thinking block. The block is bound to a different conversation.",
            "messages.1.content.0.thinking.signature: Field required",
            "messages.1.content.0: Invalid `data` in `redacted_thinking` block",
            "messages.5.content.1: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified.",
        ]
    )
    func signatures(message: String) {
        #expect(OpaqueRefusal.isSaid(by: messages(message)))
    }

    @Test("speaks of something else")
    func others() {
        #expect(
            !OpaqueRefusal.isSaid(by: messages("messages.1.content.0.type: Expected `thinking`, but found `tool_use`."))
        )
        #expect(!OpaqueRefusal.isSaid(by: messages("max_tokens: must be greater than thinking.budget_tokens")))
        #expect(!OpaqueRefusal.isSaid(by: responses(400, #"{"error":{"message":"Invalid value."}}"#)))
        #expect(!OpaqueRefusal.isSaid(by: responses(404, #"{"error":{"message":"Item with id 'msg_1' not found."}}"#)))
        #expect(!OpaqueRefusal.isSaid(by: responses(500, #"{"error":{"code":"invalid_encrypted_content"}}"#)))
        #expect(!OpaqueRefusal.isSaid(by: responses(429, #"{"error":{"code":"invalid_encrypted_content"}}"#)))
    }

    @Test(
        "speaks of the response before",
        arguments: [
            (
                400,
                #"""
                {"error":{"message":"Previous response with id 'resp_1' not found.","param":"previous_response_id",\#
                "code":"previous_response_not_found"}}
                """#,
                PreviousRefusal.notFound
            ),
            (
                404,
                #"{"error":{"message":"Response with id 'resp_1' not found.","type":"invalid_request_error","code":404}}"#,
                .notFound
            ),
            (
                400, #"{"error":{"message":"Invalid `previous_response_id`.","code":"invalid_request_error"}}"#,
                .notFound
            ),
            (
                400,
                #"""
                {"error":{"message":"Expected an ID that begins with 'resp'.","param":"previous_response_id",\#
                "code":"invalid_value"}}
                """#,
                .notFound
            ),
            (
                400,
                #"""
                {"error":{"message":"Previous response cannot be used for this organization due to Zero Data Retention.",\#
                "code":"unsupported_parameter"}}
                """#,
                .keepsNone
            ),
            (
                404,
                #"""
                {"code":"not-found",\#
                "error":"Previous response cannot be used for this organization due to Zero Data Retention"}
                """#,
                .keepsNone
            ),
            (400, #"{"detail":"Unsupported parameter: previous_response_id"}"#, .keepsNone),
            (
                422, #"{"detail":[{"loc":["body","previous_response_id"],"msg":"Extra inputs are not permitted"}]}"#,
                .keepsNone
            ),
            (
                400, #"{"error":{"message":"`previous_response_id` is not supported","type":"invalid_request_error"}}"#,
                .keepsNone
            ),
        ]
    )
    func previous(status: Int, body: String, expected: PreviousRefusal) {
        let error = responses(status, body)
        #expect(PreviousRefusal(error) == expected)
        // Such a refusal is the request's and shuts no row.
        #expect(error.errorClass == .invalidRequest)
    }

    @Test(
        "says nothing of the response before",
        arguments: [
            (404, #"{"error":{"message":"The model `m` does not exist"}}"#),
            (400, #"{"error":{"message":"No tool output found for function call call_1.","param":"input"}}"#),
            (
                400,
                #"{"error":{"message":"Code interpreter cannot be used for this organization due to Zero Data Retention"}}"#
            ),
            (500, #"{"error":{"code":"previous_response_not_found"}}"#),
            (429, #"{"error":{"message":"Previous response not found."}}"#),
            (400, #"{"error":{"message":"The previous response was too long."}}"#),
        ]
    )
    func notPrevious(status: Int, body: String) {
        #expect(PreviousRefusal(responses(status, body)) == nil)
    }
}
