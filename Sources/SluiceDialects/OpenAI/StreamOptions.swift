import SluiceJSON

/// OpenAI's `stream_options`.
enum StreamOptions {
    /// The change that makes the provider count a stream's tokens, whatever its caller asked for: what is booked is never
    /// guessed.
    ///
    /// Nil where the caller has asked for it, and where the member is no object: the provider judges that.
    static func askForUsage(in body: Document) -> MemberEdit? {
        let yes = Array("true".utf8)
        guard let options = body.root[key: "stream_options"], !options.isNull else {
            return .set("stream_options", Array(#"{"include_usage":true}"#.utf8))
        }
        guard options.kind == .object, options[key: "include_usage"]?.boolean != true,
            let asking = try? Document(indexing: Array(options.bytes)).applying([.set("include_usage", yes)])
        else { return nil }
        return .set("stream_options", asking.bytes)
    }
}
