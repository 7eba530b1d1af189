import Testing

@testable import SluiceEngine

@Suite("What was asked lately")
struct RecentBodiesTests {
    @Test("is known again, so many calls long")
    func known() {
        var recent = RecentBodies()
        let bodies = (0..<RecentBodies.most).map { [UInt8($0 % 256), UInt8($0 / 256)] }
        for body in bodies { same(recent.note(body), false) }
        same(recent.note(bodies[0]), true)
        same(recent.note([9, 9, 9]), false)
        same(recent.note(bodies[0]), false)
        same(recent.note(bodies[5]), true)
    }
}
