/// The folder of files, and of the batches in them. Intakes that share it share both.
package struct FileBatches: Sendable {
    let folder: DiskFolder
    let limits: FileLimits
    let bell = BatchBell()

    /// Makes the folder where it is missing.
    package init(folder: String, limits: FileLimits = FileLimits()) throws {
        self.folder = try DiskFolder(folder)
        self.limits = limits
    }

    var shelf: FileShelf { FileShelf(folder: folder) }
    var rack: BatchRack { BatchRack(folder: folder) }
}

/// What may be uploaded. Output of batches counts, and is never refused.
package struct FileLimits: Sendable, Equatable {
    package var fileBytes: Int
    /// How many files there may be, of all callers.
    package var files: Int
    /// How large all of them may be together.
    package var bytes: Int

    package init(fileBytes: Int = 209_715_200, files: Int = 10_000, bytes: Int = 21_474_836_480) {
        self.fileBytes = fileBytes
        self.files = files
        self.bytes = bytes
    }
}
