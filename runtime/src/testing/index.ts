// Test doubles of the runtime: time, and nothing that a test is about — shell
export { type ManualClock, manualClock } from './clock.ts'
