import Testing

@testable import SluiceSQLite

@Suite("What the kernel tells of others' locks")
struct ForeignLockTests {
    @Test("the uses of a database are known by the bytes that are locked, and by nothing else")
    func parse() {
        let text = """
            1: POSIX  ADVISORY  WRITE 100 fe:00:7 120 120
            2: POSIX  ADVISORY  READ 101 fe:00:7 124 124
            3: POSIX  ADVISORY  READ 101 fe:00:7 124 124
            4: POSIX  ADVISORY  WRITE 102 fe:00:7 121 121
            5: POSIX  ADVISORY  READ 103 fe:00:7 128 128
            6: POSIX  ADVISORY  READ 103 fe:00:5 1073741826 1073742335
            7: POSIX  ADVISORY  WRITE 104 fe:00:5 1073741826 1073742335
            8: POSIX  ADVISORY  WRITE 105 fe:00:5 0 EOF
            9: FLOCK  ADVISORY  WRITE 106 fe:00:5 0 EOF
            10: POSIX  ADVISORY  WRITE 107 fe:00:8 120 120
            11: POSIX  ADVISORY  WRITE 42 fe:00:7 120 120
            11: -> POSIX  ADVISORY  WRITE 108 fe:00:7 120 120
            12: OFDLCK ADVISORY  WRITE -1 fe:00:7 120 120
            13: POSIX  ADVISORY  WRITE 109 fe:00:7 122 122
            14: POSIX  ADVISORY
            """
        let found = ForeignLock.parse(text, database: 5, index: 7, own: 42)
        let told = found.map { "\($0.pid) \($0.use)" }
        #expect(
            told == [
                "100 writing", "101 reading", "102 checkpointing", "104 excluding", "105 excluding", "109 recovering",
            ]
        )
        #expect(ForeignLock.parse(text, database: nil, index: nil, own: 42).isEmpty)
    }
}
