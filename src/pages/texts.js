/** The page's texts in another language, by their English: the hub serves its own in place of this. */
export const TEXTS = {}
