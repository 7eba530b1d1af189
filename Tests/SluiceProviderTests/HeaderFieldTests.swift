import SluiceJSON
import SluiceProvider
import Testing

@Suite("Header fields as JSON")
struct HeaderFieldTests {
    @Test("come back as they went in, the names in small letters, those of one name in their order")
    func roundTrip() throws {
        let fields = [
            HeaderField("B", "2"), HeaderField("a", #"x "y", é"#), HeaderField("b", "1"), HeaderField("c", ""),
        ]
        #expect(String(decoding: fields.json, as: UTF8.self) == #"{"a":"x \"y\", é","b":["2","1"],"c":""}"#)
        #expect(
            try [HeaderField](json: fields.json) == [
                HeaderField("a", #"x "y", é"#), HeaderField("b", "2"), HeaderField("b", "1"), HeaderField("c", ""),
            ]
        )
        #expect([HeaderField]().json == Array("{}".utf8))
    }

    @Test("pass over what is no text, and are none where there is no JSON")
    func others() throws {
        let odd = #"{"a":1,"b":["x",null,{"c":"d"}],"e":{"f":"g"},"h":"i"}"#
        #expect(try [HeaderField](json: Array(odd.utf8)) == [HeaderField("b", "x"), HeaderField("h", "i")])
        #expect(try [HeaderField](json: Array("[]".utf8)).isEmpty)
        #expect(throws: JSONError.self) { try [HeaderField](json: Array("{".utf8)) }
    }
}
