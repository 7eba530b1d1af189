import SluiceDialects
import SluiceJSON
import SluiceTypes

/// What a request names of what its provider holds for the account that is asked, as far as it matters where the request comes in.
///
/// One account has many tenants, and whoever learns another's id would read through the gateway: so such a request is asked of rows
/// alone that say that their account has one owner (`sharedState`), and of one account.
struct NamedState {
    /// The first member that names some; nil where anybody may answer.
    let member: String?

    /// Looks through a request in `format`, in whose place others of its owner's `fallbacks` might be asked.
    ///
    /// - Throws: ``CallFault`` for a member that says who pays, and for one that nobody in `fallbacks` could know.
    init(_ root: JSONValue, _ format: RequestFormat, fallbacks: [String]) throws(CallFault) {
        let names = StateNames(in: root, of: format)
        if let payer = names.payer {
            throw CallFault(payer, "says who pays, which is the gateway's operator's to say; leave it out")
        }
        // A reference within the thread that is continued the gateway resolves itself: it never goes up.
        let continues = root[key: "previous_response_id"]?.string?.isEmpty == false
        member = continues ? names.state ?? names.item : names.first
        if let member, !fallbacks.isEmpty {
            throw CallFault(
                member,
                "names state that the provider holds for its account, so that no other model can answer; leave out this, or "
                    + "the fallbacks"
            )
        }
    }

    /// What is wrong where no row that serves the model says that its account has one owner; nil where nothing is named.
    var unshared: CallFault? {
        member.map {
            CallFault(
                $0,
                "names state that the provider holds for its account; ask the gateway's operator for a row with "
                    + "`sharedState`, or leave it out"
            )
        }
    }

    /// The same of a stored request that shall be sent to `model`.
    static func sentence(model: String) -> String {
        "no row that serves \(Redaction.quoted(model)) has `sharedState`, and what was asked names state that a provider holds for its "
            + "account"
    }
}
