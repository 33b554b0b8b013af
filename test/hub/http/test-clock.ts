export { realClock, type TestClock, testClock } from '../../support/test-clock.ts'
