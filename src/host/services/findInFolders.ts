/** The databases of several folders as one list. How a single folder is searched, and what becomes of a folder that cannot be, is the caller's. */

/** Absolute paths, sorted, each once: folders of a workspace may lie inside each other. A folder whose search fails leaves the others. */
export async function findInFolders(
  folders: readonly string[],
  find: (folder: string) => Promise<readonly string[]>,
  onFailure: (folder: string, error: unknown) => void,
): Promise<readonly string[]> {
  const found = await Promise.all(
    folders.map((folder) =>
      find(folder).catch((error: unknown): readonly string[] => {
        onFailure(folder, error);
        return [];
      }),
    ),
  );
  return [...new Set(found.flat())].sort();
}
