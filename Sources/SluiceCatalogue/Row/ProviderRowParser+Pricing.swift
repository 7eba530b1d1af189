import SluiceJSON
import SluiceMoney
import SluiceProvider

extension ProviderRowParser {
    /// By which prices the row's calls cost.
    func readPricing() -> RowPricing {
        RowPricing(
            list: readList(),
            prices: readPrices(),
            multiplier: readMultiplier(),
            told: readToldCost(),
            afterCancel: readAfterCancel(),
            isEstimated: readUsage()
        )
    }

    private func readAfterCancel() -> RowPricing.AfterCancel? {
        guard let word = fields.string("afterCancel"), let value = fields["afterCancel"] else { return nil }
        let known = RowPricing.AfterCancel(rawValue: word)
        if known == nil { faults.add(value, "must be \"stops\" or \"runsOn\"") }
        return known
    }

    private func readUsage() -> Bool {
        guard let word = fields.string("usage") else { return false }
        if word != "estimated", let value = fields["usage"] {
            faults.add(value, "must be \"estimated\", or be left out where the provider itself counts")
        }
        return word == "estimated"
    }

    private func readList() -> RowPricing.List {
        guard let name = fields.string("pricing") else { return .host }
        return name == "free" ? .free : .named(name)
    }

    private func readPrices() -> PriceList? {
        guard let value = fields.value("prices", .object) else { return nil }
        do throws(PriceTableFault) { return try PriceList(rowPrices: value) } catch {
            return fault("prices", error)
        }
    }

    private func readToldCost() -> ToldCost? {
        guard let value = fields["costFrom"] else { return nil }
        do throws(PriceTableFault) { return try ToldCost(value) } catch {
            return fault("costFrom", error)
        }
    }

    private func fault<Value>(_ name: String, _ error: PriceTableFault) -> Value? {
        if let value = fields[name] { faults.add(value, error.description) }
        return nil
    }

    private func readMultiplier() -> Multiplier {
        guard let value = fields.value("multiplier", .number) else { return .one }
        guard let multiplier = Multiplier(String(decoding: value.bytes, as: UTF8.self)) else {
            faults.add(value, "must be a number from 0 to 10000 with four decimals at most, such as 1.1")
            return .one
        }
        return multiplier
    }
}
