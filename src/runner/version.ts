/** The version of this program: the package's, as a test holds it to. */
export const RUNNER_VERSION = '0.1.0'
