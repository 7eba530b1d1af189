import SluiceJSON
package import SluiceProvider

/// Reads `providers.json`.
package enum ProviderFile {
    /// The largest file that is read, in bytes.
    static let sizeLimit = 8 << 20
    /// The one version of the format there is.
    static let version: Int64 = 1

    /// Reads the file at `path`, and the credentials that it names.
    ///
    /// - Parameters:
    ///   - path: the file; relative credential files are taken from its folder.
    ///   - adapters: what rows may name.
    ///   - environment: where credentials of the form `{"env": …}` are.
    ///   - environmentProxy: the proxy of rows that name none, in a file that names none.
    ///   - remedy: what helps where a credential has no value.
    /// - Returns: the rows.
    /// - Throws: ``ProviderFileError`` with all that is wrong with the file. A missing credential is not: its row comes
    ///   as unavailable.
    package static func read(
        path: String,
        adapters: [any AdapterSource],
        environment: [String: String],
        environmentProxy: EnvironmentProxy? = nil,
        remedy: CredentialRemedy = .gateway
    ) async throws(ProviderFileError) -> Catalogue {
        switch SmallFile.read(path, limit: sizeLimit) {
        case .success(let bytes):
            let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            return try await parse(
                bytes,
                name: path,
                folder: path.hasPrefix("/") || !folder.isEmpty ? folder : ".",
                adapters: adapters,
                environment: environment,
                environmentProxy: environmentProxy,
                remedy: remedy
            )
        case .failure(let problem):
            throw ProviderFileError(
                file: path,
                faults: [.init("can't be read: \(problem.rawValue); name another file with --providers")]
            )
        }
    }

    /// Reads the text of such a file.
    ///
    /// - Parameters:
    ///   - bytes: the text.
    ///   - name: what faults call the file.
    ///   - folder: where relative credential files are.
    ///   - adapters: what rows may name.
    ///   - environment: where credentials of the form `{"env": …}` are.
    ///   - environmentProxy: the proxy of rows that name none, in a file that names none.
    ///   - remedy: what helps where a credential has no value.
    /// - Returns: the rows.
    /// - Throws: ``ProviderFileError`` with all that is wrong with the text.
    package static func parse(
        _ bytes: [UInt8],
        name: String,
        folder: String = ".",
        adapters: [any AdapterSource],
        environment: [String: String],
        environmentProxy: EnvironmentProxy? = nil,
        remedy: CredentialRemedy = .gateway
    ) async throws(ProviderFileError) -> Catalogue {
        let root: JSONValue
        do throws(JSONError) {
            root = try Document(bytes).root
        } catch {
            let fault = ProviderFileError.Fault(
                error.message,
                line: error.position?.line,
                column: error.position?.column
            )
            throw ProviderFileError(file: name, faults: [fault])
        }
        let faults = FaultList()
        let credentials = CredentialReader(folder: folder, environment: environment, remedy: remedy)
        let reader = CatalogueReader(
            adapters: adapters,
            credentials: credentials,
            environmentProxy: environmentProxy,
            faults: faults
        )
        let catalogue = await reader.read(root)
        guard faults.all.isEmpty else { throw ProviderFileError(file: name, faults: faults.all) }
        return catalogue
    }
}
