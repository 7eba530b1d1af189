import SluiceJSON

/// One job for people, without the prompt and the answer: those are in its JSON.
enum JobDetails {
    static func show(_ job: JSONValue) throws {
        var facts = Facts()
        facts.add("id", Cell.text(job[key: "id"]))
        facts.add("status", Cell.text(job[key: "status"]))
        facts.add("type", Cell.text(job[key: "type"]))
        facts.add("model", Cell.text(job[key: "model"]))
        facts.addIfPresent("provider", Cell.text(job[key: "provider"]))
        facts.addIfPresent("owner", Cell.text(job[key: "owner"]?[key: "name"]))
        facts.addIfPresent("token", Cell.text(job[key: "token"]))
        facts.addIfPresent("lane", Cell.text(job[key: "lane"]))
        facts.add("attempts", Cell.text(job[key: "attempts"]))
        facts.addIfPresent("failures", Cell.text(job[key: "failures"]))
        facts.addIfPresent("interrupts", Cell.text(job[key: "interrupts"]))
        facts.addIfPresent("waiting for", Cell.text(job[key: "waitingFor"]))
        facts.addIfPresent("next attempt", Cell.moment(job[key: "nextAttemptAt"]))
        facts.addIfPresent("error class", Cell.text(job[key: "error"]?[key: "class"]))
        facts.addIfPresent("error", Cell.text(job[key: "error"]?[key: "message"]))
        facts.addIfPresent("HTTP status", Cell.text(job[key: "error"]?[key: "httpStatus"]))
        facts.add("possibly charged", Cell.text(job[key: "possiblyCharged"]))
        facts.addIfPresent("on unknown", Cell.text(job[key: "onUnknown"]))
        facts.add("created", Cell.moment(job[key: "createdAt"]))
        facts.add("updated", Cell.moment(job[key: "updatedAt"]))
        facts.addIfPresent("deadline", Cell.moment(job[key: "deadlineAt"]))
        facts.addIfPresent("kept until", Cell.moment(job[key: "expiresAt"]))
        try facts.show()
    }
}
