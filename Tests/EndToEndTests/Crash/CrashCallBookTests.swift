import SluiceTesting
import Testing

/// The kill loop proves nothing of the formats' own surfaces unless its book tells what is wrong: forged answers, each of which it must report.
@Suite struct CrashCallBookTests {
    private static let prompt = CrashPrompt(seed: 1, number: 1)
    private static let id = "resp_a"

    /// A book with one acknowledged response, and what `body` does to it.
    private static func faults(_ body: (CrashCallBook) -> Void) -> [CrashLedger.Kind] {
        let ledger = CrashLedger()
        let book = CrashCallBook(ledger: ledger)
        book.acknowledge(prompt, id: id)
        body(book)
        return ledger.faults.map(\.kind)
    }

    /// The stream of an answer as it would be told under an id, and from a number on.
    private static func reading(
        id: String = id,
        from base: Int = 0,
        after: Int = -1,
        count: Int = 99,
        text: [String] = prompt.pieces
    ) -> ChatReading {
        let events = ChatFormat.responses.events(text, id: id).enumerated().map { number, event in
            var event = event
            event.data.replace("\"sequence_number\":\(number),", with: "\"sequence_number\":\(base + number),")
            return event
        }
        return ChatReading(.responses, events.prefix(count).dropFirst(after + 1).map(\.text).joined())
    }

    @Test func anHonestLifeIsNotReported() {
        let faults = Self.faults { book in
            book.saw(Self.id, shown: Self.id, status: "queued", text: nil)
            book.saw(Self.id, Self.reading(count: 5), after: nil, isCut: true)
            book.saw(Self.id, Self.reading(from: 1_000_000), after: 4, isCut: false)
            book.saw(Self.id, Self.reading(from: 1_000_000, after: 5), after: 1_000_005, isCut: false)
            book.saw(Self.id, shown: Self.id, status: "completed", text: Self.prompt.answer)
        }
        #expect(faults.isEmpty)
    }

    @Test func aLostResponseIsReported() {
        #expect(Self.faults { $0.missed(Self.id) } == [.lost])
        let gone = Self.faults { book in
            book.delete(Self.id)
            book.missed(Self.id)
        }
        #expect(gone.isEmpty)
    }

    @Test func whatIsShownOtherwiseIsReported() {
        let shown: [(String?, String?, String?, [CrashLedger.Kind])] = [
            ("resp_b", "queued", nil, [.changed]), (Self.id, "completed", "Something", [.changed]),
            (Self.id, "cancelled", nil, [.wrong]), (Self.id, "odd", nil, [.wrong]), (Self.id, nil, nil, [.wrong]),
        ]
        for (id, status, text, expected) in shown {
            #expect(Self.faults { $0.saw(Self.id, shown: id, status: status, text: text) } == expected)
        }
    }

    @Test func aSecondEndIsReported() {
        let faults = Self.faults { book in
            book.saw(Self.id, shown: Self.id, status: "completed", text: Self.prompt.answer)
            book.saw(Self.id, shown: Self.id, status: "in_progress", text: nil)
        }
        #expect(faults == [.changed])
    }

    @Test func aDeletedResponseThatIsShownAgainIsReported() {
        let faults = Self.faults { book in
            book.delete(Self.id)
            book.saw(Self.id, shown: Self.id, status: "queued", text: nil)
            book.saw(Self.id, Self.reading(count: 5), after: nil, isCut: true)
        }
        #expect(faults == [.wrong, .wrong])
    }

    @Test func aNumberThatRepeatsIsReported() {
        // Another attempt's events under the first one's numbers.
        let again = Self.faults { book in
            book.saw(Self.id, Self.reading(count: 6, text: ["First", "."]), after: nil, isCut: true)
            book.saw(Self.id, Self.reading(), after: nil, isCut: false)
        }
        #expect(again.contains(.changed))
        // What the reader has.
        let behind = Self.faults { book in
            book.saw(Self.id, Self.reading(count: 5), after: nil, isCut: true)
            book.saw(Self.id, Self.reading(), after: 4, isCut: false)
        }
        #expect(behind.contains(.wrong))
    }

    @Test func aStreamUnderAnotherIDIsReported() {
        #expect(Self.faults { $0.saw(Self.id, Self.reading(id: "resp_b"), after: nil, isCut: false) } == [.changed])
    }

    @Test func anEndThatIsNoneIsReported() {
        let undone = Self.faults { book in
            book.saw(Self.id, Self.reading(), after: nil, isCut: true)
            book.saw(Self.id, shown: Self.id, status: "failed", text: nil)
        }
        #expect(undone == [.changed])
        #expect(Self.faults { $0.saw(Self.id, Self.reading(count: 5), after: nil, isCut: false) } == [.wrong])
        let other = Self.reading(text: ["Something ", "else"])
        #expect(Self.faults { $0.saw(Self.id, other, after: nil, isCut: false) } == [.changed])
    }
}
