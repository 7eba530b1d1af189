import SluiceDialects
import Testing

@Suite("What a caller gave its provider to show elsewhere")
struct CallersSecretsTests {
    private static func hidden(_ text: String) -> String {
        String(decoding: CallersSecrets.hidden(in: Array(text.utf8)), as: UTF8.self)
    }

    @Test(
        "is hidden wherever it may stand, and nothing else is touched",
        arguments: [
            (
                #"{ "tools":[{"type":"mcp","authorization":"s3", "headers":{"X-Key":"s3","b":7},"server_url":"u"}],"x":1E2}"#,
                #"{ "tools":[{"type":"mcp","authorization":"[redacted]", "headers":{"X-Key":"[redacted]","b":"[redacted]"},"#
                    + #""server_url":"u"}],"x":1E2}"#
            ),
            (
                #"{"mcp_servers":[{"url":"u","authorization_token":"s3"},{"authorization_token":null}]}"#,
                #"{"mcp_servers":[{"url":"u","authorization_token":"[redacted]"},{"authorization_token":null}]}"#
            ),
            (
                #"{"tools":[{"type":"namespace","tools":[{"headers":["s3"]}]}]}"#,
                #"{"tools":[{"type":"namespace","tools":[{"headers":"[redacted]"}]}]}"#
            ),
            (
                #"{"input":[{"type":"additional_tools","tools":[{"authorization":{"a":"s3"}}]}]}"#,
                #"{"input":[{"type":"additional_tools","tools":[{"authorization":"[redacted]"}]}]}"#
            ),
            (
                #"{"type":"response.created","response":{"tools":[{"authorization":"s3"}]}}"#,
                #"{"type":"response.created","response":{"tools":[{"authorization":"[redacted]"}]}}"#
            ),
        ]
    )
    func found(text: String, shown: String) {
        #expect(Self.hidden(text) == shown)
    }

    @Test(
        "is not what only has such a name",
        arguments: [
            #"{"tools":[{"type":"function","parameters":{"properties":{"authorization":{"type":"string"},"headers":{}}}}]}"#,
            #"{"authorization":"a","headers":{"a":"b"},"input":[{"content":[{"authorization":"a"}]}]}"#,
            #"{"tools":"authorization"}"#, #"[{"tools":[{"authorization":"a"}]}]"#, "no JSON", "",
        ]
    )
    func others(text: String) {
        #expect(Self.hidden(text) == text)
    }
}
