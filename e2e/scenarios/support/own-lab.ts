// Names of labs that no other run of the tests has — shell

/** Of at most 20 characters, as names of labs are: two runs on one host meet nowhere. */
export const ownLab = (stem: string): string => `${stem}-${process.pid.toString(36)}`
