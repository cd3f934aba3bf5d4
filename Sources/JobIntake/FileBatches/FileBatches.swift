/// The folder of files, and of the batches in them. Intakes that share it share both.
package struct FileBatches: Sendable {
    let folder: DiskFolder
    let maximumFileBytes: Int
    let bell = BatchBell()

    /// Makes the folder where it is missing.
    package init(folder: String, maximumFileBytes: Int = 209_715_200) throws {
        self.folder = try DiskFolder(folder)
        self.maximumFileBytes = maximumFileBytes
    }

    var shelf: FileShelf { FileShelf(folder: folder) }
    var rack: BatchRack { BatchRack(folder: folder) }
}
