import ArgumentParser
import SluiceJSON
import SluiceTypes

/// What a new API token may do, and for whom.
struct TokenOptions: ParsableArguments {
    @Option(help: "What the token is for.")
    var name: String

    @Option(help: "The name or id of an owner that exists.", completion: Completing.owner)
    var owner: String?

    @Option(
        help:
            "What it may do; repeat for more: \(Completing.among(Scope.self)). Without: jobs:write, jobs:read, jobs:cancel, usage:read.",
        completion: Completing.scope
    )
    var scope: [String] = []

    @Option(help: "Narrow it to this type of prompt; repeat for more.", completion: Completing.type)
    var type: [String] = []

    @Option(help: "Narrow it to this model, or pattern with *; repeat for more.", completion: Completing.model)
    var model: [String] = []

    @Option(help: "By what its calls are told apart in sluice usage --by tag, unless they name a tag themselves.")
    var tag: String?

    /// The order as the admin API takes it, with the text of a token that is brought.
    func body(_ expires: DurationArgument, token: String? = nil) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("name", name)
                writer.memberIfPresent("token", token)
                writer.memberIfPresent("owner", owner)
                writer.member("expiresSeconds", expires.seconds)
                writer.memberIfAny("scopes", strings: scope)
                writer.memberIfAny("types", strings: type)
                writer.memberIfAny("models", strings: model)
                writer.memberIfPresent("tag", tag)
            }
        }
    }
}
