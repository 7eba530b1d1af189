import SluiceTypes

/// The words by which providers of OpenAI's dialect say what went wrong.
///
/// Source: the API reference of OpenAI, "Error codes"; the documentation of providers that speak its dialect.
enum OpenAIErrorWords {
    /// What a code, or else a type, stands for; nil for one that is not known.
    static func errorClass(code: String?, type: String?) -> ErrorClass? {
        if let code, let known = known(code.lowercased()) { return known }
        guard let type = type?.lowercased() else { return nil }
        return known(type) ?? types[type]
    }

    /// What the words of a 402 or a 403 say of more than this one request; nil where they say nothing of the kind.
    ///
    /// A refused key and a spent account shut a row for everybody. So a sentence has to begin with such words: further in
    /// it may quote what a caller wrote.
    static func errorClass(status: Int?, _ message: String, _ type: String?) -> ErrorClass? {
        let text = message.lowercased()
        let sentence =
            ["your ", "the ", "this "].first(where: text.hasPrefix).map { text.dropFirst($0.count) } ?? text[...]
        if refusedKeys.contains(where: sentence.hasPrefix) { return .authentication }
        if spentAccounts.contains(text.trimmingSuffix { $0 == "." || $0 == " " }) { return .quota }
        guard status == 403 else { return nil }
        let said = text + " " + (type ?? "").lowercased()
        return moderation.contains { said.contains($0) } ? .contentFilter : nil
    }

    /// Whether a 404 says that something which the request refers to is not there, and not the model.
    ///
    /// A provider that keeps nothing, for accounts without retention or because of `store`, says it of every item and response.
    static func isMissingState(_ message: String, _ parameter: String?) -> Bool {
        if let parameter, stateMembers.contains(parameter) { return true }
        let text = message.lowercased()
        return missingState.contains(where: text.hasPrefix)
    }

    private static func known(_ word: String) -> ErrorClass? {
        codes[word] ?? (word.hasPrefix("billing_") ? .quota : nil)
    }

    private static let codes: [String: ErrorClass] = [
        "context_length_exceeded": .tokenLimit,
        "string_above_max_length": .tokenLimit,
        "model_not_found": .invalidModel,
        "model_decommissioned": .invalidModel,
        "invalid_model": .invalidModel,
        "unknown_model": .invalidModel,
        "deploymentnotfound": .invalidModel,
        "insufficient_quota": .quota,
        "rate_limit_exceeded": .rateLimit,
        "invalid_api_key": .authentication,
        "api_key_invalid": .authentication,
        "account_deactivated": .authentication,
        "content_filter": .contentFilter,
        "content_policy_violation": .contentFilter,
        // Those of responses, where no status stands beside them.
        "invalid_prompt": .invalidRequest,
        "invalid_encrypted_content": .invalidRequest,
        "previous_response_not_found": .invalidRequest,
        "invalid_image": .invalidRequest,
        "invalid_image_format": .invalidRequest,
        "invalid_base64_image": .invalidRequest,
        "invalid_image_url": .invalidRequest,
        "invalid_image_mode": .invalidRequest,
        "image_too_large": .invalidRequest,
        "image_too_small": .invalidRequest,
        "image_parse_error": .invalidRequest,
        "image_file_too_large": .invalidRequest,
        "image_file_not_found": .invalidRequest,
        "empty_image_file": .invalidRequest,
        "unsupported_image_media_type": .invalidRequest,
        "failed_to_download_image": .invalidRequest,
        "data_residency_mismatch": .invalidRequest,
        "image_content_policy_violation": .contentFilter,
        "bio_policy": .contentFilter,
        "cyber_policy": .contentFilter,
        "misalignment_policy_violation": .contentFilter,
        "server_is_overloaded": .overloaded,
        "slow_down": .overloaded,
        "usage_limit_reached": .rateLimit,
    ]

    /// `invalid_request_error` is not among them: OpenAI gives it to a wrong key and an unknown model too.
    private static let types: [String: ErrorClass] = [
        "authentication_error": .authentication,
        "permission_error": .permission,
        "rate_limit_error": .rateLimit,
        "overloaded_error": .overloaded,
        "service_unavailable_error": .overloaded,
        "timeout_error": .timeout,
    ]

    private static let refusedKeys = [
        "incorrect api key", "invalid api key", "expired api key", "revoked api key", "api key is invalid",
        "api key is not valid", "api key not valid", "api key is expired", "api key has expired", "api key expired",
        "api key has been", "api key is revoked", "api key was revoked", "api key is disabled", "api key is inactive",
    ]

    private static let stateMembers: Set<String> = ["input", "previous_response_id", "conversation"]

    private static let missingState = ["item with id", "previous response", "response with id"]

    private static let spentAccounts: Set<Substring> = ["insufficient balance", "insufficient account balance"]

    private static let moderation = ["moderation", "flagged", "safety", "content policy", "content_policy"]
}

extension String {
    /// The text without what stands at its end and fits `isDropped`.
    fileprivate func trimmingSuffix(while isDropped: (Character) -> Bool) -> Substring {
        var rest = self[...]
        while let last = rest.last, isDropped(last) { rest.removeLast() }
        return rest
    }
}
