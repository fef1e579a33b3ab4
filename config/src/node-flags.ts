// How a manager's Node is started — core

/** Sized for the memory budget of 1,000 control planes. */
export const nodeFlags: readonly string[] = ['--max-semi-space-size=1', '--max-old-space-size=96']
