import SluiceJSON

/// OpenAI's envelope of errors, in which Responses tells its errors too.
///
/// Source: the API reference of OpenAI, "Error codes".
enum OpenAIEnvelope {
    /// The answer to a request that failed.
    static func reply(_ error: CallError) -> ErrorReply {
        ErrorReply(status: error.status, body: error.own ?? body(error), headers: error.headers)
    }

    /// The error as the data of an event, behind a head that is out.
    static func data(_ error: CallError) -> [UInt8] { error.ownInStream ?? body(error) }

    private static func body(_ error: CallError) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member(
                    "error",
                    object: { writer in
                        writer.member("message", error.message)
                        writer.member("type", error.type)
                        writer.member("param", error.parameter)
                        writer.member("code", error.code)
                    }
                )
            }
        }
    }
}
