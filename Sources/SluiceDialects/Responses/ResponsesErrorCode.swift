public import SluiceTypes

/// The words by which a response says why it failed.
///
/// Source: OpenAI's SDK for Python 3.57, `response_error`, whose list is closed; the last is not in it, and is what OpenAI says all the
/// same, since clients make their conversation shorter by it.
public enum ResponsesErrorCode: String, Sendable, CaseIterable {
    case serverError = "server_error"
    case rateLimitExceeded = "rate_limit_exceeded"
    case invalidPrompt = "invalid_prompt"
    case dataResidencyMismatch = "data_residency_mismatch"
    case bioPolicy = "bio_policy"
    case misalignmentPolicyViolation = "misalignment_policy_violation"
    case vectorStoreTimeout = "vector_store_timeout"
    case invalidImage = "invalid_image"
    case invalidImageFormat = "invalid_image_format"
    case invalidBase64Image = "invalid_base64_image"
    case invalidImageURL = "invalid_image_url"
    case imageTooLarge = "image_too_large"
    case imageTooSmall = "image_too_small"
    case imageParseError = "image_parse_error"
    case imageContentPolicyViolation = "image_content_policy_violation"
    case invalidImageMode = "invalid_image_mode"
    case imageFileTooLarge = "image_file_too_large"
    case unsupportedImageMediaType = "unsupported_image_media_type"
    case emptyImageFile = "empty_image_file"
    case failedToDownloadImage = "failed_to_download_image"
    case imageFileNotFound = "image_file_not_found"
    case contextLengthExceeded = "context_length_exceeded"

    /// The word for a failure: the provider's own, where it is one of these.
    public init(_ errorClass: ErrorClass, code: String? = nil) {
        if let own = code.flatMap({ ResponsesErrorCode(rawValue: $0) }) {
            self = own
            return
        }
        switch errorClass {
        case .tokenLimit: self = .contextLengthExceeded
        case .rateLimit: self = .rateLimitExceeded
        case .invalidRequest, .invalidModel, .contentFilter, .permission: self = .invalidPrompt
        case .authentication, .quota, .overloaded, .server, .timeout, .network, .malformedResponse, .misconfigured,
            .interrupted, .expired, .poison, .corrupt, .cancelled, .unknown, .previousGone:
            self = .serverError
        }
    }
}
