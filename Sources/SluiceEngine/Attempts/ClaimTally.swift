import SluiceProvider

/// What the attempts of one claim have come to so far.
///
/// Each member is asked once; what follows is decided when none is left.
struct ClaimTally {
    /// Who has been asked.
    var used: Set<ChoiceName> = []
    /// Those of them that asked for patience: they may be asked again when it is over.
    var limited: Set<ChoiceName> = []
    /// With whose account the answer was given that the job takes up; nil for a job that takes up none.
    var history: String?
    /// How the request was put otherwise to the member that is asked now.
    var amendments: Set<Amendment> = []
    /// The models that are too small for the request.
    var tooSmall: Set<String> = []
    /// What the caller hears of several failures: the first that is about its request, before those about rows.
    var told: AttemptResult?
    /// Whether one of the failures is one that a job may have.
    var counts = false
    /// Whether somebody who was asked may answer later.
    var mayWait = false
    /// Whether a provider asked for patience that lies in the job itself.
    var hasOwnLimit = false
    /// Whether the job has to pace itself, since it met a failure that shuts nothing yet.
    var needsPause = false
}
