public import SluiceTypes

extension OutgoingCall {
    /// A call as it leaves: the row's URL, query and fields added, the secret beside it.
    ///
    /// Nil for a signer, which this gateway has none of.
    public init?(_ call: HTTPCall, to endpoint: Endpoint, secret: Secret?) {
        var secretHeader: SecretHeader?
        var secretQuery: SecretQuery?
        switch (endpoint.auth, call.authorization) {
        case (.header(let name, let prefix), _), (.standard, .header(let name, let prefix)):
            secretHeader = secret.map { SecretHeader(name: name, prefix: prefix, secret: $0) }
        case (.query(let name), _): secretQuery = secret.map { SecretQuery(name: name, secret: $0) }
        case (.standard, .none): break
        case (.standard, .signer): return nil
        }
        let query = endpoint.query.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
        let separator = call.path.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
        self.init(
            url: endpoint.baseURL + call.path + (query.isEmpty ? "" : separator + query.joined(separator: "&")),
            method: call.method,
            headers: call.headers + endpoint.headers,
            body: call.body,
            secretHeader: secretHeader,
            secretHeaders: endpoint.secretHeaders,
            secretQuery: secretQuery,
            policy: endpoint.policy,
            proxy: endpoint.proxy,
            timeouts: endpoint.timeouts,
            answerLimit: endpoint.answerLimit
        )
    }
}
