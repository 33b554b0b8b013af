import { randomBytes } from 'node:crypto'
import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { platform } from 'node:process'

/** For keys and secrets: nobody but the owner. */
export const OWNER_ONLY = 0o600
/** For everything else. */
const ORDINARY = 0o644

/** Reads a text file; null when there is none. */
export async function readTextFile(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

/** Replaces a file in one step: whoever reads it, also after a power cut, finds the old or the new text whole. */
export async function writeFileAtomic(path: string, text: string, mode: number = ORDINARY): Promise<void> {
  const draft = await writeDraft(path, text, mode)
  try {
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await syncFolder(path)
}

/** Creates a file in one step; false when it exists already, and then nothing is changed. */
export async function createFileAtomic(
  path: string,
  text: string,
  mode: number = ORDINARY,
): Promise<boolean> {
  const draft = await writeDraft(path, text, mode)
  try {
    await link(draft, path)
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
  await syncFolder(path)
  return true
}

/** Writes beside the target, for a rename only is one step within a file system. The mode is set before the content. */
async function writeDraft(path: string, text: string, mode: number): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`
  const file = await open(draft, 'wx', mode)
  try {
    await file.writeFile(text)
    await file.sync()
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  } finally {
    await file.close()
  }
  return draft
}

/** A rename is only lasting once its folder is written; Windows knows no such thing. */
async function syncFolder(path: string): Promise<void> {
  if (platform === 'win32') return
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
