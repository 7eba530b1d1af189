import SluiceMoney
import Testing

/// So many a minute.
@Suite struct TokenBucketTests {
    @Test func `sixty pass, and the next is told when`() {
        var bucket = TokenBucket(60, at: .seconds(5))
        for _ in 1...60 {
            #expect(bucket.wait(for: 1, at: .seconds(5)) == .zero)
            bucket.take(1, at: .seconds(5))
        }
        #expect(bucket.left(at: .seconds(5)) == 0)
        #expect(bucket.wait(for: 1, at: .seconds(5)) == .seconds(1))
        #expect(bucket.wait(for: 1, at: .seconds(6)) == .zero)
        #expect(bucket.wait(for: 10, at: .seconds(6)) == .seconds(9))
        #expect(bucket.reset(at: .seconds(6)) == .seconds(59))
        #expect(bucket.left(at: .seconds(500)) == 60)
    }

    @Test func `what is larger than the whole never passes`() {
        let bucket = TokenBucket(60, at: .zero)
        #expect(bucket.wait(for: 60, at: .zero) == .zero)
        #expect(bucket.wait(for: 61, at: .zero) == nil)
    }

    @Test func `no more than a minute's worth is owed, and what was not used comes back`() {
        var bucket = TokenBucket(1000, at: .zero)
        bucket.take(1_000_000, at: .zero)
        #expect(bucket.wait(for: 1000, at: .zero) == .seconds(120))
        #expect(bucket.wait(for: 1, at: .zero) ?? .zero > .seconds(60))
        #expect(bucket.wait(for: 1, at: .zero) ?? .zero < .seconds(61))
        bucket.take(-5_000_000, at: .zero)
        #expect(bucket.left(at: .zero) == 1000)
    }

    @Test func `what was used within the last minute counts at the start, and by another size`() {
        #expect(TokenBucket(60, used: 50, at: .zero).left(at: .zero) == 10)
        #expect(TokenBucket(60, used: 5000, at: .zero).wait(for: 1, at: .zero) == .seconds(61))
        var bucket = TokenBucket(60, at: .zero)
        bucket.take(50, at: .zero)
        #expect(bucket.resized(to: 100, at: .zero).left(at: .zero) == 50)
        #expect(bucket.resized(to: 20, at: .zero).left(at: .zero) == 0)
    }

    @Test func `a clock that stands still or goes back gives nothing`() {
        var bucket = TokenBucket(60, at: .seconds(100))
        bucket.take(60, at: .seconds(100))
        #expect(bucket.left(at: .seconds(50)) == 0)
        bucket.take(1, at: .seconds(50))
        #expect(bucket.left(at: .seconds(101)) == 0)
    }
}
