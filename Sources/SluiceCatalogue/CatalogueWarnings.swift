package import SluiceProvider
import SluiceTypes

extension Catalogue {
    /// What is allowed and yet likely to be a mistake: a sentence for each, with what to do.
    package var warnings: [String] {
        rows.flatMap { row in warnings(of: row).map { "row \(row.name): \($0)" } }
            + aliases.flatMap { shadowed(by: $0) }
    }

    private func warnings(of row: ProviderRow) -> [String] {
        row.credentials.compactMap(\.warning) + (row.endpoint.map { warnings(of: $0, row) } ?? []) + covered(row)
            + tenants(row)
    }

    /// Rows that send everybody's calls to an account of which `row` says that one owner has it.
    private func tenants(_ row: ProviderRow) -> [String] {
        guard row.statePolicy.isShared else { return [] }
        return rows.filter { !$0.statePolicy.isShared && sharesAccount($0, with: row) }.map { other in
            "\"sharedState\" says that its account has one owner, and row \(other.name), which does not say so, sends its calls to the "
                + "same account; say it of both, or give them keys of their own"
        }
    }

    private func sharesAccount(_ row: ProviderRow, with other: ProviderRow) -> Bool {
        guard let one = row.endpoint, let two = other.endpoint, one.origin == two.origin else { return false }
        let hasNoKey = row.credentials.isEmpty && other.credentials.isEmpty
        return one.headers == two.headers && (hasNoKey || !Set(row.credentials).isDisjoint(with: other.credentials))
    }

    /// Models think for minutes before the first word; time-outs of older files end calls that are paid for.
    private func warnings(of endpoint: Endpoint, _ row: ProviderRow) -> [String] {
        let standard = CallTimeouts()
        let given = endpoint.timeouts
        var warnings: [String] = []
        if given.firstByte < standard.firstByte {
            warnings.append(
                "\"firstByteSeconds\" is below \(standard.firstByte.components.seconds), which models that think for long need; "
                    + "leave it out unless the provider is known to be faster"
            )
        }
        if given.idle < standard.idle {
            warnings.append(
                "\"idleSeconds\" is below \(standard.idle.components.seconds), which streams of models that think need; leave it out"
            )
        }
        if given.total <= given.firstByte {
            warnings.append(
                "\"timeoutSeconds\" leaves no time for an answer behind its first byte (\"firstByteSeconds\"); raise it, or leave it out"
            )
        }
        let endings = ["/chat/completions", "/completions", "/embeddings", "/responses", "/messages"]
        if let ending = endings.first(where: { endpoint.baseURL.hasSuffix($0) }) {
            warnings.append(
                "\"baseURL\" ends in \(ending), which the adapter \(row.adapterID) adds by itself; leave that out of it"
            )
        }
        return warnings
    }

    /// Names that another pattern of the same row covers.
    private func covered(_ row: ProviderRow) -> [String] {
        row.models.filter { name in
            name.isExact && row.models.contains { !$0.isExact && $0.matches(name.text) }
                && !row.listed.contains(name.text)
        }.filter { name in
            // Alone in serving it, and so no closer than anybody else.
            !rows.contains { $0.name != row.name && $0.closeness(to: name.text) != nil }
        }.map { "the model \($0.text) stands beside a pattern of the row that covers it; one of the two is enough" }
    }

    /// What an alias keeps from being asked for by its own name.
    private func shadowed(by alias: ModelAlias) -> [String] {
        rows.compactMap { row in
            guard let pattern = row.models.first(where: { $0.matches(alias.name) }) else { return nil }
            return
                "the alias \(alias.name) wins over the pattern \(pattern.text) of row \(row.name): no call for that name goes "
                + "to the row unless the alias says so"
        }
    }
}
