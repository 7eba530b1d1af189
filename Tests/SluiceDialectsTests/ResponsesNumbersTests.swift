import SluiceDialects
import Testing

@Suite("The numbers of a response's events")
struct ResponsesNumbersTests {
    @Test("begin anew in each attempt, above all before")
    func epochs() {
        var first = ResponsesNumbers(epoch: 1)
        #expect(first.last == nil)
        #expect([first.next(), first.next(), first.next()] == [0, 1, 2] && first.last == 2)
        var third = ResponsesNumbers(epoch: 3)
        #expect([third.next(), third.next()] == [2_000_000, 2_000_001])
        #expect(ResponsesNumbers.epoch(of: 0) == 1 && ResponsesNumbers.epoch(of: 999_999) == 1)
        #expect(ResponsesNumbers.epoch(of: 2_000_001) == 3 && ResponsesNumbers.epoch(of: -5) == 1)
    }

    @Test("never reach into the next attempt")
    func end() {
        var numbers = ResponsesNumbers(epoch: 2)
        for _ in 0..<1_000_000 { _ = numbers.next() }
        #expect(numbers.last == 1_999_999)
        #expect(numbers.next() == 1_999_999)
    }

    @Test("go on behind a provider's")
    func following() {
        var numbers = ResponsesNumbers(following: 41)
        #expect(numbers.last == 41)
        #expect(numbers.next() == 42)
        var none = ResponsesNumbers(following: nil)
        #expect(none.next() == 0)
        var most = ResponsesNumbers(following: Int64.max)
        #expect(most.next() == Int64.max && most.next() == Int64.max)
        var least = ResponsesNumbers(following: Int64.min)
        #expect(least.next() == Int64.min + 1)
    }

    @Test("stand extreme epochs", arguments: [Int.min, -1, 0, Int.max])
    func extremes(epoch: Int) {
        var numbers = ResponsesNumbers(epoch: epoch)
        let first = numbers.next()
        #expect(first >= 0 && numbers.next() == first + 1)
    }
}
