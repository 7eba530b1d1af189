import HTTPTypes
import SluiceStore
import SluiceTypes

/// The models that a caller lets answer in the place of the one that is asked for.
enum Fallbacks {
    /// Those that `x-sluice-fallbacks` names, with commas between.
    ///
    /// - Throws: ``Problem`` 400 for names that can't be.
    static func read(_ headers: HTTPFields) throws(Problem) -> [String] {
        guard headers[.fallbacks] != nil else { return [] }
        let list = headers[values: .fallbacks].joined(separator: ",")
        let names = list.split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.trimming { $0 == " " || $0 == "\t" } }
        if let fault = fault(of: names, behind: nil) { throw Problem.invalid([Fault("x-sluice-fallbacks", fault)]) }
        return names
    }

    /// What is wrong with `names`, behind `model`; nil where they can be.
    static func fault(of names: [String], behind model: String?) -> String? {
        guard !names.isEmpty else { return nil }
        guard names.count <= ModelRoute.mostFallbacks else {
            return "must name at most \(ModelRoute.mostFallbacks) models, not \(names.count)"
        }
        if let bad = names.first(where: { !ModelRoute.isName($0) || $0.utf8.count > JobLimits.modelBytes }) {
            return "must hold names of models, of 1 to \(JobLimits.modelBytes) bytes without control characters, not "
                + Redaction.quoted(bad)
        }
        var seen = Set([model].compactMap(\.self))
        if let twice = names.first(where: { !seen.insert($0).inserted }) {
            return
                "must name each model once, and not the one that is asked for first: \(Redaction.quoted(twice)) is there twice"
        }
        guard ModelRoute(model ?? "", fallbacks: names).text.utf8.count <= ModelRoute.mostBytes else {
            return "are too long: with the model they may have \(ModelRoute.mostBytes) bytes"
        }
        return nil
    }
}

extension HTTPField.Name {
    static let fallbacks = known("x-sluice-fallbacks")
}

extension Substring {
    /// Without what `isBlank` takes at either end.
    fileprivate func trimming(_ isBlank: (Character) -> Bool) -> String {
        String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
