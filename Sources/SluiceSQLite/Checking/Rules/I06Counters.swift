import SluiceStore

extension CheckRule {
    /// I6: no counter passes its limit.
    ///
    /// The limits are those of ``JobLimits``; whoever reaches one is dead.
    static let counters = [
        CheckRule(
            .counters,
            "a job has failed at most as often as it may, and is dead if it has",
            """
            SELECT seq FROM job
            WHERE failures < 0 OR tries < 1 OR failures > tries OR (failures = tries AND state <> 'dead')
            """
        ),
        CheckRule(
            .counters,
            "a job was interrupted at most five times, and is dead if it was",
            """
            SELECT seq FROM job
            WHERE interrupts < 0 OR interrupts > 5 OR (interrupts = 5 AND state <> 'dead')
            """
        ),
    ]
}
