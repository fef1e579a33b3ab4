// The flags that the bootstrap provider can honour — shell
import { expect, test } from 'vitest'
import { bootstrapProvider } from './provider.ts'

type Parts = Parameters<ReturnType<typeof bootstrapProvider>['controllers']>[0]

const controllersWith = (hostedApi: readonly string[]) =>
  bootstrapProvider().controllers({
    flags: { hostedApi, allowWorkloadAddresses: [] },
    managementHost: '10.96.0.1',
  } as unknown as Parts)

test('a way to workload clusters that it does not have is refused, not ignored', () => {
  expect(() => controllersWith(['service'])).toThrow('--hosted-api=service')
  expect(controllersWith(['service', 'endpoint'])).toHaveLength(1)
})
