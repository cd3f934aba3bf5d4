import Foundation

/// A submission, open: its input was read through, its state file says where it stands.
package struct Submission: Sendable {
    /// What the user asks for.
    package struct Request: Sendable {
        /// A path, or `-`.
        package var file: String
        package var form: LineForm
        package var queue: String?
        package var waits: Bool
        /// Nil: standard output.
        package var output: String?
        package var order: ResultOrder
        /// Nil: beside the output.
        package var state: String?

        package init(
            file: String, form: LineForm, queue: String? = nil, waits: Bool, output: String? = nil,
            order: ResultOrder = .finish, state: String? = nil
        ) {
            (self.file, self.form, self.queue, self.waits) = (file, form, queue, waits)
            (self.output, self.order, self.state) = (output, order, state)
        }

        /// Where the state is; nil if the submission cannot be gone on with.
        var statePath: String? { state ?? (waits && outputIsFile ? output.map { $0 + ".state" } : nil) }

        /// A pipe or a device cannot be read back.
        var outputIsFile: Bool {
            guard let output else { return false }
            let type = try? FileManager.default.attributesOfItem(atPath: output)[.type] as? FileAttributeType
            return type == nil || type == .typeRegular || type == .typeSymbolicLink
        }
    }

    package let header: SubmissionHeader
    package let input: KeptFile
    package let desk: SubmissionDesk
    package let statePath: String?

    /// - Throws: `SubmissionTrouble` or `FileTrouble`, one sentence for the user each.
    package init(_ request: Request, newKey: () -> String) async throws {
        let (input, identity, jobs) = try Self.read(request)
        self.input = input
        statePath = request.statePath
        let file = try statePath.map { try StateFile($0) }
        var rejected: [ResultLine] = []
        let known = try file?.load { if request.waits { rejected.append(ResultLine($0)) } }
        var header = SubmissionHeader(key: newKey(), input: identity, form: request.form, queue: request.queue)
        if let known {
            let objection = known.header.objection(to: header, file: request.file, state: statePath ?? "")
            if let objection { throw SubmissionTrouble(objection) }
            header.key = known.header.key
        } else {
            try Self.checkIsFree(request)
            try file?.append([.header(header)])
            try file?.sync()
        }
        self.header = header
        var results = request.waits ? try Self.results(request, jobs, isNew: known == nil) : nil
        _ = try results?.add(rejected)
        desk = SubmissionDesk(file: file, state: known?.state ?? SubmissionState(), jobs: jobs, results: results)
    }

    private static func read(_ request: Request) throws -> (KeptFile, InputIdentity, LineSet) {
        var scan = InputScan()
        guard request.file == "-" else {
            let input: KeptFile
            do { input = try KeptFile(reading: request.file) } catch {
                throw SubmissionTrouble("\(request.file): no such file, or not readable")
            }
            var offset = 0
            while case let piece = try input.read(1 << 20, at: offset), !piece.isEmpty {
                scan.feed(piece)
                offset += piece.count
            }
            return (input, scan.end(), scan.jobs)
        }
        // What can be read only once is kept, without a name, for as long as this takes.
        let standard = KeptFile(open: 0, "standard input")
        let copy = try temporary("input")
        while case let piece = try standard.readOn(1 << 18), !piece.isEmpty {
            scan.feed(piece)
            try copy.write(piece)
        }
        return (copy, scan.end(), scan.jobs)
    }

    /// Results of something else are not written over.
    private static func checkIsFree(_ request: Request) throws {
        guard let output = request.output, request.waits, request.outputIsFile,
            let size = try? KeptFile(reading: output).size(), size > 0
        else { return }
        throw SubmissionTrouble(
            "\(output) is there already, and no state file says that this submission wrote it: "
                + "name another --output, or remove it")
    }

    private static func results(_ request: Request, _ jobs: LineSet, isNew: Bool) throws -> ResultFile {
        guard let path = request.output else {
            let waiting = request.order == .input ? try temporary("results") : nil
            return try ResultFile(KeptFile(open: 1, "standard output"), jobs: jobs, isNew: true, waiting: waiting)
        }
        let isFile = request.outputIsFile
        let waiting =
            request.order == .input ? (isFile ? try KeptFile(path + ".waiting") : try temporary("results")) : nil
        return try ResultFile(try KeptFile(path), jobs: jobs, isNew: isNew || !isFile, waiting: waiting)
    }

    private static func temporary(_ name: String) throws -> KeptFile {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("sluice-\(name)-\(UUID().uuidString)")
            .path
        let file = try KeptFile(path)
        file.unlink()
        return file
    }
}
