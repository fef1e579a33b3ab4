// What the kinds for use without Cluster API have in common — core
export const k0smotronGroup = { group: 'k0smotron.io', version: 'v1beta2', labels: {} } as const
