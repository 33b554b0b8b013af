/**
 * Stands in for `adaptivecards/src/schema` by `paths` in tsconfig.json: the templating library's types import that
 * TypeScript source, which does not compile under our settings.
 */
export type IAdaptiveCard = object
