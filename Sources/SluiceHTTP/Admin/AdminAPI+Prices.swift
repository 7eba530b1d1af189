import SluiceEngine
import SluiceJSON
import SluiceMoney
import SluiceStore
import SluiceTypes

extension AdminAPI {
    /// `GET` lists the prices that were set at run time, `POST` sets one, or takes it away.
    func prices(_ request: AdminRequest) async throws -> AdminReply {
        try await oneOf(["GET": { _ in try await self.listPrices() }, "POST": setPrice], request)
    }

    private func listPrices() async throws -> AdminReply {
        .list("prices", try await records.setPrices()) { setting, writer in
            writer.member("provider", setting.provider)
            writer.member("model", setting.model)
            writer.member("prices", RawJSON(setting.prices))
            writer.member("setAt", setting.setAt.description)
        }
    }

    private func setPrice(_ request: AdminRequest) async throws -> AdminReply {
        var reader = try request.fields(["provider", "model", "prices", "remove"])
        let provider = reader.requiredText("provider") ?? ""
        let model = reader.model() ?? ""
        let isRemoved = reader["remove"]?.boolean ?? false
        let prices = reader["prices"]
        if isRemoved == (prices != nil) { reader.fault("prices", "is required, unless remove is true") }
        if let prices, let fault = PriceBook.fault(of: Array(prices.bytes), for: model) {
            reader.fault("prices", fault)
        }
        if let engine, !isRemoved, !engine.rows.contains(where: { $0.name == provider }) {
            reader.fault("provider", "is no row of the providers file; sluice provider list shows them")
        }
        if let engine, let like = prices?[key: "like"]?.string, !engine.knowsPrice(of: like, at: provider) {
            reader.fault(
                "prices",
                "are like those of a model that has none here; sluice price show \(like) tells of all"
            )
        }
        try reader.finish()
        let known = try await records.setPrices().first { $0.provider == provider && $0.model == model }
        if isRemoved, known == nil { throw Problem.notFound("no price is set for \(model) at \(provider)") }
        let setting = PriceSetting(
            provider: provider,
            model: model,
            prices: isRemoved ? [] : PriceBook.merged(Array(prices?.bytes ?? []), into: known?.prices ?? []),
            setAt: now()
        )
        let entry = AuditEntry(
            at: now(),
            actor: request.actor,
            action: isRemoved ? "price.remove" : "price.set",
            subject: "\(model) at \(provider)",
            result: isRemoved ? "ok" : String(decoding: setting.prices, as: UTF8.self)
        )
        if let engine {
            try await engine.setPrice(setting, audit: entry)
        } else {
            try await records.setPrice(setting, audit: entry)
            _ = try await records.wake(at: now())
        }
        let waiting = try await records.unpricedLines(provider: provider, model: model)
        return .object { writer in
            writer.member("provider", provider)
            writer.member("model", model)
            writer.member("prices", isRemoved ? nil : RawJSON(setting.prices))
            writer.member("unpricedLines", waiting)
        }
    }
}
