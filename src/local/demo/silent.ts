/** Ids of the demo offices whose runner enrols, polls once and then ends: what becomes of an office nobody looks after. */
export const DEMO_SILENT_OFFICES: readonly string[] = ['lyon']
