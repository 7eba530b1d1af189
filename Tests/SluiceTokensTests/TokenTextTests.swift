import SluiceTokens
import SluiceTypes
import Testing

@Suite
struct TokenTextTests {
    @Test("A minted token is read back, with its id and the same hash")
    func roundTrip() throws {
        let token = TokenText.mint()
        let text = token.secret.reveal { $0 }
        let read = try #require(TokenText(text))
        #expect(text.utf8.count == 51)
        #expect(read.id == token.id)
        #expect(read.id.rawValue == String(text.dropFirst(4).prefix(8)))
        #expect(read.hash == token.hash)
        #expect(token.hash.bytes.count == 32)
    }

    @Test("Two tokens share neither id nor secret")
    func distinct() {
        let tokens = (0..<100).map { _ in TokenText.mint() }
        #expect(Set(tokens.map(\.id)).count == 100)
        #expect(Set(tokens.map(\.hash)).count == 100)
    }

    @Test("A token with any one character changed is refused by its shape or checksum alone")
    func flipped() {
        let text = Array(TokenText.mint().secret.reveal { $0 }.utf8)
        for place in text.indices {
            var changed = text
            changed[place] = text[place] == UInt8(ascii: "a") ? UInt8(ascii: "b") : UInt8(ascii: "a")
            #expect(TokenText(String(decoding: changed, as: UTF8.self)) == nil, "place \(place)")
        }
    }

    @Test("A text of another shape is no token", arguments: ["", "slc_", "Bearer", "sk-123", "slc_12345678_äöü"])
    func junk(text: String) {
        #expect(TokenText(text) == nil)
        #expect(TokenText(TokenText.mint().secret.reveal { $0 } + text + "x") == nil)
    }

    @Test("The whole hash is compared")
    func comparison() {
        let token = TokenText.mint()
        var other = token.hash.bytes
        #expect(token.hash.matches(other))
        other[31] ^= 1
        #expect(!token.hash.matches(other))
        #expect(!token.hash.matches([]))
        #expect(!token.hash.matches(token.hash.bytes + [0]))
    }
}
