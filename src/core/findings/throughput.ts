/** What is stated about a download from SharePoint. */
export interface ThroughputFindings {
  'throughput-seen': {
    readonly host: string
    readonly bytes: number
    /** MB/s from asking to the last byte, as Microsoft counts. */
    readonly wholeMBps: number
    /** MB/s of the second half, without TCP's slow start; null: too little came to tell. */
    readonly secondHalfMBps: number | null
    /** Median TCP round trips before and meanwhile, ms; null: not known. */
    readonly idleMs: number | null
    readonly loadedMs: number | null
  }
  /** The median round trip grew by 100 ms or more while the file came. */
  'buffer-bloat': {
    readonly host: string
    readonly idleMs: number
    readonly loadedMs: number
    readonly addedMs: number
  }
}
