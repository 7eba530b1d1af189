package import SluiceJSON
package import SluiceStore
package import SluiceTypes

/// What becomes of a store as a whole, as operators see it.
package enum StoreReportWriter {
    package static func bytes(_ report: CheckReport) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("sound", report.isSound)
                writer.member("schema", report.schema)
                writer.jobs(report.jobs)
                writer.objects("faults", report.faults) { fault, writer in
                    writer.member("guarantee", fault.guarantee.rawValue)
                    writer.member("rule", fault.rule)
                    writer.member("count", fault.count)
                    writer.texts("jobs", fault.jobs.map(\.description))
                    writer.texts("details", fault.details)
                }
            }
        }
    }

    package static func bytes(_ report: BackupReport) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("path", report.path)
                writer.member("bytes", report.bytes)
                writer.member("schema", report.schema)
                writer.jobs(report.jobs)
            }
        }
    }
}

extension JSONWriter {
    /// A member `jobs` with the number of jobs in each state.
    package mutating func jobs(_ counts: [JobState: Int]) {
        member(
            "jobs",
            object: { writer in
                for state in JobState.allCases { writer.member(state.rawValue, counts[state] ?? 0) }
            }
        )
    }
}
