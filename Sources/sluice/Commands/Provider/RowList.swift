import SluiceCatalogue
import SluiceJSON
import SluiceProvider
import SluiceTypes

/// The rows of a providers file that no server has told about.
struct RowList {
    private let catalogue: Catalogue

    init(_ catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    /// What is allowed and yet likely to be a mistake.
    var warnings: [String] { catalogue.warnings }

    func show(isWide: Bool) throws {
        var table = Table(
            ["NAME", "ADAPTER", "TYPES", "MODELS", "BASE URL", "HELD STATE", "PRICES", "STATE"],
            wide: ["TYPES", "HELD STATE", "PRICES"]
        )
        for row in catalogue.rows {
            table.add(
                row.name,
                row.adapterID,
                row.operations.map(\.rawValue).sorted().joined(separator: ","),
                row.models.map(\.text).joined(separator: ","),
                row.endpoint?.baseURL ?? "-",
                RowTable.heldState(row.statePolicy),
                row.pricing.words.isEmpty ? "-" : row.pricing.words.joined(separator: ","),
                row.unavailable ?? "ok"
            )
        }
        try table.show(whenEmpty: "The providers file has no row.", isWide: isWide)
    }

    /// What there is to say of a file without faults, in a line that goes with what ``show()`` shows.
    func verdict(on path: String) -> String {
        let unusable = catalogue.rows.count { $0.unavailable != nil }
        switch unusable {
        case 0: return "\(path) has no fault."
        case catalogue.rows.count: return "\(path) has no fault, but no row of it can be used yet: STATE says why."
        case 1: return "\(path) has no fault; one of its rows can't be used yet: STATE says why."
        default: return "\(path) has no fault; \(unusable) of its rows can't be used yet: STATE says why."
        }
    }

    /// `{"rows": […], "faults": […]}`, the rows' members named as the admin API names them.
    func json(faults: ProviderFileError?) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("rows", array: { array in for row in catalogue.rows { Self.write(row, to: &array) } })
                writer.member(
                    "faults",
                    array: { array in for fault in faults?.faults ?? [] { Self.write(fault, to: &array) } }
                )
            }
        }
    }

    private static func write(_ row: ProviderRow, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", row.name)
            writer.member("adapter", row.adapterID)
            writer.member("types", strings: row.operations.map(\.rawValue).sorted())
            writer.member("models", strings: row.models.map(\.text))
            writer.member("listed", strings: row.listed)
            writer.member("baseURL", row.endpoint?.baseURL)
            writer.member("credentials", array: { array in for one in row.credentials { write(one, to: &array) } })
            writer.member("sharedState", row.statePolicy.isShared)
            writer.member(
                "keepsResponses",
                row.formats.contains(.openAIResponses) ? row.statePolicy.keepsResponses : nil
            )
            writer.member("receivesHistory", row.statePolicy.receivesHistory)
            writer.member("store", row.statePolicy.store)
            writer.member("pricing", strings: row.pricing.words)
            writer.member("concurrency", row.concurrency)
            writer.member("available", row.unavailable == nil)
            writer.member("unavailable", row.unavailable)
        }
    }

    private static func write(_ credential: Credential, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("slot", credential.slot)
            writer.member("problem", credential.problem)
        }
    }

    private static func write(_ fault: ProviderFileError.Fault, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("pointer", fault.pointer)
            writer.member("line", fault.line)
            writer.member("column", fault.column)
            writer.member("detail", fault.message)
        }
    }
}
