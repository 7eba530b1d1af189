import SluiceJSON
import SluiceTypes
import Testing

@testable import sluice

@Suite struct ProgressTests {
    @Test func aBarTellsHowFarHowManyAndHowFast() {
        let half = ProgressBar.line(50, 100, "jobs", .seconds(2))
        #expect(half == "[############............] 50 %, 50 of 100 jobs, 25/s")
        #expect(ProgressBar.line(7, nil, "jobs", .seconds(2)) == "7 jobs, 3/s")
        // More may die meanwhile than were counted.
        #expect(ProgressBar.line(101, 100, "jobs", .seconds(1)).contains("] 100 %"))
        #expect(ProgressBar.line(0, 0, "MB", .zero, "copying") == "copying 0 MB, 0/s")
    }

    @Test(
        arguments: [
            (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (18_449_999, "18.4 MB"), (1_000_000_000, "1.0 GB"),
            (2_500_000_000_000, "2.5 TB"),
        ] as [(Int64, String)]
    )
    func sizesAreShort(bytes: Int64, text: String) {
        #expect(Size.text(bytes) == text)
    }

    @Test func jobsAreCountedByState() throws {
        #expect(JobCounts.text([:]) == "no jobs")
        #expect(JobCounts.text([.dead: 1, .queued: 0]) == "1 job: 1 dead")
        let root = try Document(Array(#"{"queued":2,"running":0,"succeeded":9}"#.utf8)).root
        #expect(JobCounts.text(root) == "11 jobs: 2 queued, 9 succeeded")
    }
}
