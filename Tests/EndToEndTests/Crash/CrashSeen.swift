import SluiceJSON

/// A record as a caller was shown it, as far as the ledger looks at it.
struct SeenRecord: Sendable, Equatable {
    var id: String
    var status: String
    /// The prompt as it is spelt, quotes included.
    var prompt: String
    /// The metadata as they are spelt.
    var metadata: String
    var response: String?
    var finish: String?
    var errorClass: String?
    var attempts: Int
    var possiblyCharged: Bool

    var isEnded: Bool { status != "queued" && status != "running" }

    /// What must never be another again.
    var end: SeenEnd? {
        isEnded ? SeenEnd(status: status, response: response, finish: finish, errorClass: errorClass) : nil
    }

    /// The number that the metadata tell.
    var number: Int? {
        (try? Document(Array(metadata.utf8)))?.root[key: "number"]?.string.flatMap { Int($0) }
    }
}

/// How a job ended.
struct SeenEnd: Sendable, Equatable {
    var status: String
    var response: String?
    var finish: String?
    var errorClass: String?
}

/// One line of a job's history.
struct SeenAttempt: Sendable, Equatable {
    var epoch: Int
    /// Nil while it runs.
    var outcome: String?
    var httpStatus: Int?
    var errorClass: String?
}

extension SeenRecord {
    /// Nil for what is no record.
    init?(_ json: JSONValue) {
        guard let id = json[key: "id"]?.string, let status = json[key: "status"]?.string,
            let prompt = json[key: "prompt"], let metadata = json[key: "metadata"],
            let attempts = json[key: "attempts"]?.integer, let charged = json[key: "possiblyCharged"]?.boolean
        else { return nil }
        self.init(
            id: id,
            status: status,
            prompt: String(decoding: prompt.bytes, as: UTF8.self),
            metadata: String(decoding: metadata.bytes, as: UTF8.self),
            response: json[key: "response"]?.string,
            finish: json[key: "finishReason"]?.string,
            errorClass: json[key: "error"]?[key: "class"]?.string,
            attempts: Int(attempts),
            possiblyCharged: charged
        )
    }
}

extension SeenAttempt {
    /// The list of a job's attempts; nil for what is none.
    static func list(_ json: JSONValue) -> [SeenAttempt]? {
        json[key: "attempts"]?.elements.map { attempt in
            SeenAttempt(
                epoch: Int(attempt[key: "epoch"]?.integer ?? -1),
                outcome: attempt[key: "outcome"]?.string,
                httpStatus: attempt[key: "httpStatus"]?.integer.map(Int.init),
                errorClass: attempt[key: "errorClass"]?.string
            )
        }
    }
}
