/** The version of this program: the package's, as a test holds it to. */
export { VERSION as RUNNER_VERSION } from '../core/version.ts'
