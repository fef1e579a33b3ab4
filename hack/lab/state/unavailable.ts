// Why there can be no lab here — core

/** This machine cannot run a lab; the message says what is missing. Tests that meet it are skipped, never passed. */
export class LabUnavailable extends Error {
  override readonly name = 'LabUnavailable'
}
