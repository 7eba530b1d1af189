import CPrices
import SluiceJSON

extension PriceTable {
    /// The table that is built in; see docs/money.md for how it is made.
    ///
    /// - Throws: ``PriceTableFault`` only where the file in the sources is broken, which its test would notice.
    public static func embedded() throws(PriceTableFault) -> PriceTable {
        var count = 0
        let bytes = unsafe cprices_table(&count)
        let text = unsafe [UInt8](UnsafeBufferPointer(start: bytes, count: count))
        let document: Document
        do throws(JSONError) {
            document = try Document(indexing: text)
        } catch {
            throw PriceTableFault(error.message, position: error.position)
        }
        return try PriceTable(reading: document.root)
    }

    /// The licences of those from whose work the table that is built in was made, one behind the other.
    public static var licences: String {
        var count = 0
        let bytes = unsafe cprices_licences(&count)
        return unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }
}
