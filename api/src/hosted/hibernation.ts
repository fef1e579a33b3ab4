// Annotations by which a control plane hibernates by itself — core

/** When its pods are stopped: a cron expression of five fields. */
export const hibernateAnnotation = 'k0smotron.io/hibernate'

/** When they come again, likewise. */
export const wakeAnnotation = 'k0smotron.io/wake'

/** Where both are read; UTC when absent. */
export const hibernationTimeZoneAnnotation = 'k0smotron.io/hibernation-time-zone'
